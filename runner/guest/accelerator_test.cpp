#include "guest/accelerator.h"

#include <gtest/gtest.h>

#include <deque>
#include <set>

#include "support/error.h"
#include "support/files.h"

namespace clamproof {
namespace {

// A host whose probes come out as the test says, one after the other.
class AcceleratorTest : public testing::Test {
  protected:
    AcceleratorTest() : folder_(testing::TempDir(), "accelerator-") {}

    AcceleratorChoice choose(const std::string& wanted = "auto") {
        probed_ = 0;
        return choose_accelerator(wanted, probes());
    }
    AcceleratorChoice choose_for(const std::vector<std::string>& missing,
                                 const std::string& wanted = "auto") {
        return choose_accelerator(wanted, CpuLevel::V3, missing, probes());
    }

    static AcceleratorProbe works(double seconds) { return {.runs = true, .seconds = seconds}; }
    static AcceleratorProbe killed() { return {.why = "QEMU was killed by signal 9"}; }

    std::deque<AcceleratorProbe> kvm_ = {{.why = "there is no /dev/kvm"}, {.why = "there is no /dev/kvm"}};
    std::deque<AcceleratorProbe> tcg_ = {works(4), works(2)};
    double now_ = 1'000'000;
    int probed_ = 0;

  private:
    AcceleratorProbes probes() {
        return {.run = [&](Accelerator accelerator) { return next(accelerator); },
                .now = [&] { return now_; },
                .file_of_kvm = folder_.path() / "kvm",
                .file_of_tcg = folder_.path() / "tcg"};
    }
    AcceleratorProbe next(Accelerator accelerator) {
        ++probed_;
        auto& probes = accelerator == Accelerator::Kvm ? kvm_ : tcg_;
        AcceleratorProbe probe = probes.front();
        if (probes.size() > 1) probes.pop_front();
        return probe;
    }

    TempDir folder_;
};

TEST_F(AcceleratorTest, TheShorterOfTwoMeasurementsCounts) {
    const AcceleratorChoice choice = choose();
    EXPECT_EQ(choice.accelerator, Accelerator::Tcg);
    EXPECT_EQ(choice.why, "there is no /dev/kvm");
    EXPECT_DOUBLE_EQ(choice.scale, 5);
    EXPECT_EQ(probed_, 4);
    now_ += 25 * 3600;
    tcg_ = {works(1.2), works(4)};
    EXPECT_DOUBLE_EQ(choose().scale, 3) << "whichever it is";
}

TEST_F(AcceleratorTest, AMeasurementHoldsForADay) {
    choose("tcg");
    now_ += 23 * 3600;
    tcg_ = {works(1.2)};
    EXPECT_DOUBLE_EQ(choose("tcg").scale, 5);
    EXPECT_EQ(probed_, 0);
    now_ += 2 * 3600;
    EXPECT_DOUBLE_EQ(choose("tcg").scale, 3) << "the slow moment is over";
}

TEST_F(AcceleratorTest, AGuestThatWasKilledOnceIsNoReasonToGiveUp) {
    tcg_ = {killed(), works(2)};
    EXPECT_DOUBLE_EQ(choose("tcg").scale, 5);
}

TEST_F(AcceleratorTest, AFailureToEmulateIsNotKept) {
    tcg_ = {killed(), killed(), works(2)};
    EXPECT_THROW(choose("tcg"), InfraError);
    EXPECT_DOUBLE_EQ(choose("tcg").scale, 5);
}

TEST_F(AcceleratorTest, AFailureOfKvmIsKeptForAnHour) {
    choose();
    choose();
    EXPECT_EQ(probed_, 0);
    now_ += 3601;
    kvm_ = {works(0.4)};
    EXPECT_EQ(choose().accelerator, Accelerator::Kvm);
}

TEST_F(AcceleratorTest, TheScaleIsBounded) {
    tcg_ = {works(90), works(80)};
    EXPECT_DOUBLE_EQ(choose("tcg").scale, 20);
    kvm_ = {works(0.01)};
    EXPECT_DOUBLE_EQ(choose("kvm").scale, 1);
}

TEST_F(AcceleratorTest, AMeasurementOfTheFutureIsMadeAnew) {
    choose("tcg");
    now_ -= 5'000'000;  // the clock was wrong
    tcg_ = {works(1.2)};
    EXPECT_DOUBLE_EQ(choose("tcg").scale, 3);
}

TEST_F(AcceleratorTest, AGuestForAnotherProcessorThanTheHostsIsEmulated) {
    kvm_ = {works(0.4)};
    EXPECT_EQ(choose_for({}).accelerator, Accelerator::Kvm);
    const AcceleratorChoice choice = choose_for({"avx2", "fma"});
    EXPECT_EQ(choice.accelerator, Accelerator::Tcg);
    EXPECT_EQ(choice.why, "the guest is made for x86-64-v3, and this host's processor lacks avx2, fma");
    EXPECT_THROW(choose_for({"avx2"}, "kvm"), InfraError);
    EXPECT_EQ(choose_for({"avx2"}, "tcg").why, "");
}

TEST_F(AcceleratorTest, AMeasurementIsOfOneKernelAndOneQemu) {
    TempDir folder(testing::TempDir(), "measured-");
    const fs::path kernel = folder.path() / "vmlinuz";
    write_file(kernel, "6.1");
    const MeasuredHost host{.system = "house 6.1.0-1", .qemu = "QEMU 7.2", .kernel = kernel};
    std::set<std::string> names;
    const auto is_another = [&](const MeasuredHost& one, Accelerator accelerator = Accelerator::Tcg) {
        EXPECT_EQ(measurement_name(one, accelerator), measurement_name(one, accelerator));
        return names.insert(measurement_name(one, accelerator)).second;
    };
    EXPECT_TRUE(is_another(host));
    EXPECT_TRUE(is_another(host, Accelerator::Kvm));
    MeasuredHost other = host;
    other.system = "house 6.1.0-2";
    EXPECT_TRUE(is_another(other));
    other = host;
    other.qemu = "QEMU 9.0";
    EXPECT_TRUE(is_another(other));
    other = host;
    other.kernel.clear();
    EXPECT_TRUE(is_another(other));
    write_file(kernel, "6.12");
    EXPECT_TRUE(is_another(host)) << "by the kernel's content, not by its name";
}

TEST_F(AcceleratorTest, KvmThatIsDemandedHasToRun) {
    EXPECT_THROW(choose("kvm"), InfraError);
}

}  // namespace
}  // namespace clamproof
