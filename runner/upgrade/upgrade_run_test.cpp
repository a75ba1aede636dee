#include "upgrade/upgrade_run.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "image/install.h"
#include "jobs/fake_workers_test.h"
#include "proof/fake_door_test.h"
#include "proof/inventory.h"
#include "results/exit_code.h"
#include "support/error.h"

namespace clamproof {
namespace {

// A house whose door sticks before the upgrade. What it does after it, and whether it is lived in, is told to
// it.
class UpgradeRunTest : public testing::Test {
  protected:
    UpgradeRunTest() : folder_(testing::TempDir(), "upgrade-run-") {
        write_door(folder_.path() / "door");
        order_.cases = {load_case(folder_.path() / "door", door_facts)};
        ImageDefinition image;
        image.name = "house";
        image.digest = "01";
        order_.images = {image};
        order_.to = {"hinges"};
        order_.inventory = "look";
        workers_.sends = [&](const Job& job) { return std::vector<std::optional<Event>>{result(job)}; };
    }

    Event result(const Job& job) {
        return std::visit(overloaded{[&](const PrepareImage& one) -> Event { return prepared(one); },
                                     [&](const InspectGuest& one) -> Event { return inspected(one); },
                                     [&](const RunCell& one) -> Event { return cell(one); },
                                     [&](const CheckFixSurvival& one) -> Event { return survival(one); }},
                          job);
    }

    Event prepared(const PrepareImage& job) const {
        if (no_image_) return ImageFailed{.image = job.image, .why = "no space"};
        return ready_image(job.image);
    }

    bool is_after(const std::vector<Layer>& layers) const {
        return !layers.empty() && !layers.back().packages.empty();
    }

    Event inspected(const InspectGuest& job) const {
        ImageReady ready = ready_image(job.image);
        const bool after = is_after(job.layers);
        if (after && after_fails_) return ImageFailed{.image = job.image, .why = "no space"};
        if (after && refused_)
            return PackagesRefused{.image = job.image, .why = "dpkg: error", .without = ready};
        ready.image.packages = ready.image.facts = {{"hinges", after ? "2" : "1"}};
        ready.inspected = after ? "file /etc/door\toiled\n" : "file /etc/door\tdry\n";
        ready.output = "unpacking hinges";
        return ready;
    }

    Event cell(const RunCell& job) {
        CellEnded ended;
        ended.cell.image = job.cell.image;
        ended.cell.case_id = job.cell.case_id;
        ended.cell.verdict = is_after(job.layers) ? after_ : job.ends ? Verdict::Reproduced : whole_;
        ended.cell.outcome = Outcome::Pass;
        return ended;
    }

    Event survival(const CheckFixSurvival& job) const {
        SurvivalEnded ended;
        ended.cell.image = job.cell.image;
        ended.cell.case_id = job.cell.case_id;
        ended.cell.verdict = fate_ == Fate::Survived ? Verdict::Fixed : Verdict::FixFailed;
        ended.cell.outcome = Outcome::Pass;
        Arm arm;
        arm.id = ArmId::fix("oil");
        arm.held = fate_ == Fate::Survived;
        ended.cell.arms = {arm};
        ended.fixes = {{.fix = "oil", .fate = fate_, .why = "it sticks"}};
        return ended;
    }

    UpgradeResults upgrade() {
        Dispatcher dispatcher(workers_, calm());
        UpgradeResults results;
        run_upgrade(order_, dispatcher,
                    {.on_event = [&](const Event& event) { events_.push_back(event); },
                     .find_packages =
                         [&](const ImageDefinition&, const PackageWish& wish) {
                             if (unsolvable_) throw NotInstallable("unmet dependencies");
                             std::vector<PackageFile> found;
                             for (const auto& word : nothing_new_ ? std::vector<std::string>{} : wish.words) {
                                 const fs::path file = folder_.path() / (word + ".deb");
                                 write_file(file, word);
                                 found.push_back({.file = file, .name = word, .version = "2"});
                             }
                             return found;
                         },
                     .evidence_folder =
                         [](Before state, UpgradeSide side, const CellId&) {
                             return std::string(to_string(state)) + "/" + std::string(to_string(side));
                         }},
                    results);
        return results;
    }

    template <typename Kind>
    int given() const {
        return static_cast<int>(
            std::count_if(workers_.given.begin(), workers_.given.end(),
                          [](const Job& job) { return std::holds_alternative<Kind>(job); }));
    }

    clamproof::TempDir folder_;
    UpgradeOrder order_;
    FakeWorkers workers_;
    std::vector<Event> events_;
    Verdict after_ = Verdict::Fixed, whole_ = Verdict::Fixed;
    Fate fate_ = Fate::Survived;
    bool no_image_ = false, after_fails_ = false, refused_ = false, unsolvable_ = false, nothing_new_ = false;
};

TEST_F(UpgradeRunTest, ACaseIsRunOnBothSidesAndItsFixCarriedOver) {
    const UpgradeResults results = upgrade();
    ASSERT_EQ(results.rows.size(), 1U);
    EXPECT_EQ(results.rows[0].before.verdict, Verdict::Reproduced);
    EXPECT_EQ(results.rows[0].after.verdict, Verdict::Fixed);
    EXPECT_EQ(results.rows[0].judgement.change, Change::Unchanged);
    EXPECT_EQ(results.rows[0].fixes.at(0).fate, Fate::Survived);
    EXPECT_EQ(results.rows[0].fixes.at(1).fate, Fate::NotTried) << "the kick promises nothing";
    EXPECT_EQ(exit_code(results), 0);
    ASSERT_EQ(results.images.size(), 1U);
    EXPECT_EQ(results.images[0].output, "unpacking hinges");
    EXPECT_EQ(results.images[0].facts_before.at("hinges"), "1");
    EXPECT_EQ(results.images[0].facts_after.at("hinges"), "2");
    EXPECT_EQ(change_names(results.images[0].changes),
              (std::vector<std::string>{"changed file /etc/door", "changed package hinges"}));
    EXPECT_EQ(results.images[0].to.at(0).name, "hinges");
}

TEST_F(UpgradeRunTest, ALivedInGuestIsAStateOfItsOwn) {
    order_.lived_in = "sed -i s/// /etc/door";
    const UpgradeResults results = upgrade();
    ASSERT_EQ(results.rows.size(), 2U);
    EXPECT_EQ(results.rows[0].state, Before::AsShipped);
    EXPECT_EQ(results.rows[1].state, Before::LivedIn);
    EXPECT_EQ(given<PrepareImage>(), 1) << "one build for both";
    EXPECT_EQ(given<CheckFixSurvival>(), 2);
    for (const Job& job : workers_.given) {
        const auto* cell = std::get_if<RunCell>(&job);
        if (!cell) continue;
        const bool lived_in = std::any_of(cell->layers.begin(), cell->layers.end(), [&](const Layer& layer) {
            return layer.script == order_.lived_in;
        });
        EXPECT_EQ(lived_in, cell->evidence.starts_with("lived-in/")) << cell->evidence;
    }
}

TEST_F(UpgradeRunTest, AFixThatIsLostIsARegression) {
    fate_ = Fate::Lost;
    const UpgradeResults results = upgrade();
    EXPECT_EQ(results.rows[0].judgement.change, Change::Regressed);
    EXPECT_EQ(exit_code(results), 1);
}

TEST_F(UpgradeRunTest, WhereNothingFailsAfterwardsItIsRepaired) {
    after_ = Verdict::Immune;
    EXPECT_EQ(upgrade().rows[0].judgement.change, Change::Repaired);
}

TEST_F(UpgradeRunTest, TheWholeVerdictBeforeIsAskedForWhereItDecides) {
    after_ = Verdict::FixFailed;
    whole_ = Verdict::FixFailed;
    UpgradeResults results = upgrade();
    EXPECT_TRUE(results.rows[0].before_is_whole);
    EXPECT_EQ(results.rows[0].judgement.change, Change::Unchanged) << "it failed before, too";
    whole_ = Verdict::Fixed;
    results = upgrade();
    EXPECT_EQ(results.rows[0].judgement.change, Change::Regressed);
}

TEST_F(UpgradeRunTest, PackagesThatDoNotInstallAreAFinding) {
    refused_ = true;
    UpgradeResults results = upgrade();
    EXPECT_EQ(results.rows[0].after.verdict, Verdict::NotInstallable);
    EXPECT_EQ(results.images[0].not_installable, "dpkg: error");
    EXPECT_EQ(exit_code(results), 1);
    EXPECT_EQ(given<CheckFixSurvival>(), 0);

    refused_ = false;
    unsolvable_ = true;
    results = upgrade();
    EXPECT_EQ(results.rows[0].after.because, "unmet dependencies");
    EXPECT_EQ(exit_code(results), 1);
}

TEST_F(UpgradeRunTest, TheHarnessesTroubleIsNoRegression) {
    after_fails_ = true;
    UpgradeResults results = upgrade();
    EXPECT_EQ(results.rows[0].after.verdict, Verdict::InfraError);
    EXPECT_EQ(results.rows[0].judgement.change, Change::Inconclusive);
    EXPECT_EQ(exit_code(results), 3);

    no_image_ = true;
    results = upgrade();
    ASSERT_EQ(results.rows.size(), 1U);
    EXPECT_EQ(results.rows[0].before.because, "no space");
    EXPECT_EQ(exit_code(results), 3);
}

TEST_F(UpgradeRunTest, WorkersThatDieSayNothingOfTheFix) {
    workers_.sends = [&](const Job& job) -> std::vector<std::optional<Event>> {
        if (std::holds_alternative<CheckFixSurvival>(job)) return {std::nullopt};
        return {result(job)};
    };
    const UpgradeResults results = upgrade();
    EXPECT_EQ(results.rows[0].fixes.at(0).fate, Fate::NotTried);
    EXPECT_EQ(exit_code(results), 3);
}

TEST_F(UpgradeRunTest, NothingToUpgradeIsAMistake) {
    nothing_new_ = true;
    EXPECT_THROW(upgrade(), InputError);
}

TEST_F(UpgradeRunTest, SidesAreShownAsTheyAreAndHeldAgainstNothing) {
    upgrade();
    std::vector<std::string> seen;
    for (const Event& event : events_) {
        EXPECT_FALSE(std::holds_alternative<CellEnded>(event));
        if (const auto* one = std::get_if<CellObserved>(&event)) seen.push_back(one->cell.case_id);
    }
    std::sort(seen.begin(), seen.end());
    EXPECT_EQ(seen, (std::vector<std::string>{"door as-shipped after", "door as-shipped before",
                                              "door as-shipped fixes"}));
}

TEST_F(UpgradeRunTest, NothingHangsOnTheWordsOfASentence) {
    const auto outcome = [&] {
        const UpgradeResults results = upgrade();
        return std::tuple(results.rows[0].judgement.change, results.rows[0].fixes.at(0).fate,
                          exit_code(results));
    };
    const std::map<std::string, std::function<void()>> worlds{
        {"all is well", [] {}},
        {"a fix is lost", [&] { fate_ = Fate::Lost; }},
        {"refused", [&] { refused_ = true; }},
        {"no state after", [&] { refused_ = false, after_fails_ = true; }},
    };
    for (const auto& [name, change] : worlds) {
        change();
        workers_.sends = [&](const Job& job) { return std::vector<std::optional<Event>>{result(job)}; };
        const auto plain = outcome();
        workers_.sends = [&](const Job& job) {
            return std::vector<std::optional<Event>>{reworded(result(job))};
        };
        EXPECT_EQ(outcome(), plain) << name;
    }
}

}  // namespace
}  // namespace clamproof
