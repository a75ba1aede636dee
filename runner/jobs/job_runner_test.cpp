#include "jobs/job_runner.h"

#include <gtest/gtest.h>

#include "image/install.h"
#include "jobs/fake_workers_test.h"
#include "proof/fake_door_test.h"
#include "support/error.h"

namespace clamproof {
namespace {

// A worker whose only image is a house with a door.
class JobRunnerTest : public testing::Test {
  protected:
    JobRunnerTest() : folder_(testing::TempDir(), "job-runner-") {
        write_door(folder_.path() / "cases/door");
        write_file(folder_.path() / "cases/lib.sh", "");
        make_folder(folder_.path() / "images/package-managers/opkg");
        write_file(folder_.path() / "images/package-managers/installed.sh", "true\n");
        write_file(folder_.path() / "images/package-managers/opkg/install.sh", "opkg install\n");
        write_file(folder_.path() / "images/facts.json",
                   R"({ "lsm": { "tells": "what enforces", "values": ["none"] } })");
        settings_.cases = folder_.path() / "cases";
        settings_.images = folder_.path() / "images";
        settings_.out = folder_.path() / "out";
        world_["look"] = [](FakeState&) { return fake_result(0, "file /etc/door\tdry\n"); };
    }

    std::vector<Event> run(const Job& job) {
        std::vector<Event> events;
        JobRunner runner(settings_,
                         {.open = [&](const auto&, const auto& layers) { return open(layers); },
                          .host_of = [](const BuiltImage&) { return HostInfo{.containers = "pod 1"}; },
                          .send = [&](const Event& event) { events.push_back(event); },
                          .stopped = [] { return false; }});
        runner.run(job);
        return events;
    }

    std::shared_ptr<Snapshot> open(const std::vector<Layer>& layers) {
        opened_.push_back(layers);
        if (!layers.empty() && refuses_) throw NotInstallable("dpkg: error");
        if (troubles_ > 0) {
            --troubles_;
            throw InfraError("no space");
        }
        BuiltImage built;
        built.definition.name = "house";
        built.definition.digest = "0123";
        built.definition.lsm = "none";
        built.definition.folders = settings_.images;
        built.definition.package_manager = "opkg";
        built.facts = {{"lsm", "none"}};
        built.packages = {{"door", "1"}};
        return std::make_shared<Snapshot>(built, std::make_shared<FakeGuests>(world_), std::nullopt);
    }

    // The last event is the result, and nothing before it is.
    template <typename Kind>
    static Kind result(const std::vector<Event>& events) {
        for (std::size_t i = 0; i + 1 < events.size(); ++i) EXPECT_FALSE(result_of(events[i])) << i;
        return std::get<Kind>(events.back());
    }

    RunCell door() const {
        return {.cell = {.image = "house", .case_id = "door"},
                .evidence = (folder_.path() / "out/evidence").string()};
    }

    clamproof::TempDir folder_;
    Settings settings_;
    FakeScripts world_ = honest_world();
    std::vector<std::vector<Layer>> opened_;
    bool refuses_ = false;
    int troubles_ = 0;
};

const Layer hinges{.packages = {.files = {"/x/hinges.deb"}, .digests = {{"hinges.deb", "beef"}}}};

TEST_F(JobRunnerTest, AnImageIsReadyWithWhatIsKnownOfIt) {
    const auto ready = result<ImageReady>(run(PrepareImage{.image = "house", .layers = {hinges}}));
    EXPECT_EQ(ready.image.name, "house");
    EXPECT_EQ(ready.image.facts.at("lsm"), "none");
    EXPECT_EQ(ready.image.packages.at("door"), "1");
    EXPECT_EQ(ready.image.installed, (std::map<std::string, std::string>{{"hinges.deb", "beef"}}));
    EXPECT_EQ(ready.host.containers, "pod 1");
    EXPECT_FALSE(ready.inspected);
}

TEST_F(JobRunnerTest, AGuestIsInspected) {
    const InspectGuest job{.image = "house", .script = "look"};
    EXPECT_EQ(result<ImageReady>(run(job)).inspected, "file /etc/door\tdry\n");
    world_["look"] = [](FakeState&) { return ScriptResult{.exit = 1, .out = "", .err = "no eyes"}; };
    EXPECT_NE(result<ImageFailed>(run(job)).why.find("no eyes"), std::string::npos);
}

TEST_F(JobRunnerTest, PackagesThatAreRefusedAreAFinding) {
    refuses_ = true;
    const auto refused = result<PackagesRefused>(run(PrepareImage{.image = "house", .layers = {hinges}}));
    EXPECT_EQ(refused.why, "dpkg: error");
    EXPECT_EQ(refused.without.image.packages.at("door"), "1");
    troubles_ = 1;
    EXPECT_EQ(result<ImageFailed>(run(PrepareImage{.image = "house", .layers = {hinges}})).why, "no space")
        << "the image without them is not ready either";

    RunCell job = door();
    job.layers = {hinges};
    const auto ended = result<CellEnded>(run(job));
    EXPECT_EQ(ended.cell.verdict, Verdict::NotInstallable);
    EXPECT_EQ(ended.cell.outcome, Outcome::Mismatch);
    EXPECT_EQ(ended.cell.install, (std::vector<std::string>{"/x/hinges.deb"}));
}

TEST_F(JobRunnerTest, ALayerIsTriedOnceMoreWhereTheHostFailed) {
    troubles_ = 1;
    EXPECT_EQ(result<ImageReady>(run(PrepareImage{.image = "house", .layers = {hinges}})).image.name,
              "house");
    troubles_ = 2;
    EXPECT_EQ(result<ImageFailed>(run(PrepareImage{.image = "house", .layers = {hinges}})).why, "no space");
    troubles_ = 1;
    EXPECT_EQ(result<ImageFailed>(run(PrepareImage{.image = "house"})).why, "no space") << "a build is dear";
}

TEST_F(JobRunnerTest, ACellIsTakenToItsVerdict) {
    const auto events = run(door());
    const auto ended = result<CellEnded>(events);
    EXPECT_EQ(ended.cell.verdict, Verdict::Fixed) << ended.cell.because;
    EXPECT_EQ(ended.cell.outcome, Outcome::Pass);
    EXPECT_TRUE(std::holds_alternative<CellStarted>(events.front()));
    EXPECT_EQ(opened_.size(), 1U);
}

TEST_F(JobRunnerTest, AMismatchIsRunOnceMore) {
    world_["oil"] = [](FakeState&) { return fake_result(0); };
    const auto ended = result<CellEnded>(run(door()));
    EXPECT_EQ(ended.cell.verdict, Verdict::FixFailed);
    EXPECT_EQ(ended.cell.reruns.size(), 1U);
    ASSERT_FALSE(ended.cell.arms.empty());
    for (const auto& arm : ended.cell.arms)
        for (const auto& file : arm.artifacts) EXPECT_TRUE(file.starts_with("evidence")) << file;
}

TEST_F(JobRunnerTest, EachRunHasEvidenceOfItsOwn) {
    world_["oil"] = [](FakeState&) { return fake_result(0); };
    const CellResult cell = result<CellEnded>(run(door())).cell;
    const auto evidence = [](const CellResult& one) { return arm(one, "fix:oil").artifacts; };
    EXPECT_EQ(evidence(cell), (std::vector<std::string>{"evidence/fix-oil/console.log"}));
    EXPECT_EQ(evidence(cell.reruns.at(0)), (std::vector<std::string>{"evidence/run-2/fix-oil/console.log"}));
}

TEST_F(JobRunnerTest, ACellIsRunAsOftenAsAskedFor) {
    settings_.repeat = 3;
    EXPECT_EQ(result<CellEnded>(run(door())).cell.reruns.size(), 2U);
}

// What another cell came to may be what was wrong.
TEST_F(JobRunnerTest, ARerunSharesNothing) {
    int healthy_probes = 0;
    world_["probe"] = [&, probe = world_["probe"]](FakeState& door) {
        healthy_probes += !door.contains("swollen");
        return probe(door);
    };
    world_["oil"] = [](FakeState&) { return fake_result(0); };
    RunCell job = door();
    job.siblings = 1;
    job.copy_of = "door";
    EXPECT_EQ(result<CellEnded>(run(job)).cell.reruns.size(), 1U);
    EXPECT_EQ(healthy_probes, 2);
}

TEST_F(JobRunnerTest, AskedForOneSideItStopsThereAndIsNotRunOnceMore) {
    RunCell job = door();
    job.ends = Ends{.good = Verdict::Immune, .bad = {}};
    job.inspect = "look";
    const auto ended = result<CellEnded>(run(job));
    EXPECT_EQ(ended.cell.verdict, Verdict::Reproduced);
    EXPECT_TRUE(ended.cell.reruns.empty());
    EXPECT_EQ(ended.inspected, "file /etc/door\tdry\n");
    world_["look"] = [](FakeState&) { return fake_result(1); };
    EXPECT_EQ(result<CellEnded>(run(job)).cell.verdict, Verdict::Reproduced) << "whatever is to be seen";
}

TEST_F(JobRunnerTest, TheHarnessesTroubleIsNoVerdict) {
    troubles_ = 1;
    EXPECT_EQ(result<CellEnded>(run(door())).cell.verdict, Verdict::Fixed) << "once is bad luck";
    troubles_ = 2;
    const auto ended = result<CellEnded>(run(door()));
    EXPECT_EQ(ended.cell.verdict, Verdict::InfraError);
    EXPECT_EQ(ended.cell.because, "no space");
}

TEST_F(JobRunnerTest, ACaseThatIsGoneIsTheHarnessesTrouble) {
    RunCell job = door();
    job.cell.case_id = "window";
    EXPECT_EQ(result<CellEnded>(run(job)).cell.outcome, Outcome::Infra);
}

TEST_F(JobRunnerTest, FixesAreHeldAgainstAChange) {
    const auto ended = result<SurvivalEnded>(
        run(CheckFixSurvival{.cell = door().cell, .evidence = door().evidence, .change = {}}));
    ASSERT_EQ(ended.fixes.size(), 1U) << ended.cell.because;
    EXPECT_EQ(ended.fixes[0].fix, "oil");
    EXPECT_EQ(ended.fixes[0].fate, Fate::Survived);
    world_["opkg install"] = [](FakeState& door) { return door.erase("oiled"), fake_result(0); };
    const auto lost = result<SurvivalEnded>(
        run(CheckFixSurvival{.cell = door().cell, .evidence = door().evidence, .change = {}}));
    EXPECT_EQ(lost.fixes.at(0).fate, Fate::Lost);
}

}  // namespace
}  // namespace clamproof
