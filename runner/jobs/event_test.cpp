#include "jobs/event.h"

#include <gtest/gtest.h>

#include "reports/sample_test.h"
#include "support/error.h"

namespace clamproof {
namespace {

const CellId door{.image = "debian", .case_id = "door", .variant = {{"session", "cron"}}};

ImageReady ready() {
    return {.image = {.name = "debian", .digest = "01", .facts = {{"lsm", "none"}}},
            .host = {.accelerator = "tcg", .why = "no KVM", .scale = 5},
            .machine = "QEMU 7.2",
            .output = "installed",
            .inspected = "file /etc/x",
            .seconds = 2};
}

std::vector<Event> one_of_each() {
    return {
        BuildStep{.image = "debian", .step = "unpacking", .fraction = 0.25, .seconds = 1.5},
        ready(),
        ImageFailed{.image = "debian", .why = "no space", .seconds = 3},
        PackagesRefused{.image = "debian", .why = "dpkg: error", .without = ready(), .seconds = 4},
        CellStarted{.cell = door},
        ArmStarted{.cell = door, .arm = ArmId::failing()},
        StepStarted{.cell = door, .arm = ArmId::fix("label"), .step = "probe"},
        ArmEnded{.cell = door, .arm = ArmId::control(), .held = true, .seen = "", .seconds = 1.5},
        CellEnded{.cell = sample_failed_cell(), .inspected = "a\nb"},
        SurvivalEnded{.cell = sample_failed_cell(),
                      .fixes = {{.fix = "label", .fate = Fate::Lost, .why = "it fails again"}}},
        CellObserved{
            .cell = door, .verdict = Verdict::Immune, .because = "cold", .silent_misses = 2, .seconds = 9},
        Message{.text = "it passed"}};
}

TEST(EventTest, EachKindComesBackAsItWas) {
    ASSERT_EQ(one_of_each().size(), std::variant_size_v<Event>);
    for (const Event& event : one_of_each()) {
        const std::string line = event_to_json(event);
        const Event back = event_from_json(line);
        EXPECT_EQ(back.index(), event.index()) << line;
        EXPECT_EQ(event_to_json(back), line);
    }
    const auto back = std::get<ImageReady>(event_from_json(event_to_json(ready())));
    EXPECT_EQ(back.image.facts, ready().image.facts);
    EXPECT_EQ(back.host.scale, 5);
    EXPECT_EQ(back.machine, "QEMU 7.2");
    EXPECT_EQ(back.inspected, "file /etc/x");
}

TEST(EventTest, FiveKindsEndAJob) {
    int results = 0;
    for (const Event& event : one_of_each()) results += result_of(event).has_value();
    EXPECT_EQ(results, static_cast<int>(std::variant_size_v<JobResult>));
    EXPECT_FALSE(result_of(Message{.text = "ended"}));
}

TEST(EventTest, GuestTextStaysInItsLine) {
    const std::string line = event_to_json(Message{.text = hostile_text()});
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_EQ(event_to_json(event_from_json(line)), line);
}

TEST(EventTest, SomethingElseIsAnError) {
    const std::string line = event_to_json(Message{.text = "it passed"});
    EXPECT_THROW(event_from_json(line.substr(0, line.size() - 3)), InputError);
    EXPECT_THROW(event_from_json("{\"kind\":\"message\"}"), InputError);
    EXPECT_THROW(event_from_json("{\"kind\":\"message\",\"text\":\"\",\"more\":1}"), InputError);
    std::string odd = line;
    odd.replace(odd.find("message"), 7, "massage");
    EXPECT_THROW(event_from_json(odd), InputError);
    std::string arm = event_to_json(ArmStarted{.cell = door, .arm = ArmId::failing()});
    arm.replace(arm.find("failing"), 7, "falling");
    EXPECT_THROW(event_from_json(arm), InputError);
}

}  // namespace
}  // namespace clamproof
