/// Runs for tests of the atlas.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "reports/atlas/atlas.h"
#include "results/results_json.h"
#include "results/upgrade_results.h"

namespace clamproof {

/// A cell of a run on a day.
struct Seen {
    std::string day;
    Verdict verdict = Verdict::Fixed;
    bool silent = false;
    std::string clamd = "1.4.6";
    std::string image = "house";
    std::map<std::string, std::string> packages = {};
};

inline CellResult cell_with(const Seen& seen, const std::string& case_id) {
    CellResult cell;
    cell.image = seen.image;
    cell.case_id = case_id;
    cell.verdict = seen.verdict;
    cell.outcome = Outcome::Pass;
    Arm arm;
    arm.id = ArmId::failing();
    arm.held = true;
    arm.scans = {{.method = "path",
                  .file = "/tmp/eicar",
                  .infected = true,
                  .outcome = seen.silent ? "clean" : "error",
                  .step = "probe",
                  .fault = Fault::Present}};
    cell.arms = {arm};
    return cell;
}

inline RunResults run_with(const Seen& seen, const std::string& case_id = "leak") {
    RunResults run;
    run.started = seen.day + "T12:00:00Z";
    run.host = {.accelerator = "kvm", .cpu = "A CPU", .cores = 4};
    run.images = {{.name = seen.image,
                   .facts = {{"distro", "debian"}, {"release", "12"}, {"clamd", seen.clamd}},
                   .packages = seen.packages}};
    run.results = {cell_with(seen, case_id)};
    return run;
}

inline nlohmann::json atlas_of(const std::vector<RunResults>& runs) {
    Atlas atlas;
    for (const RunResults& run : runs) EXPECT_EQ(atlas.add(read_atlas_run(to_json(run), "results.json")), "");
    return nlohmann::json::parse(atlas.json());
}

/// A roof that leaks after its upgrade, of a house that somebody lives in.
inline UpgradeResults roof_upgrade() {
    UpgradeResults results;
    results.started = "2026-03-01T00:00:00Z";
    results.to = {"street-security"};
    results.images = {{.name = "house",
                       .state = Before::LivedIn,
                       .digest = "1",
                       .changes = {{.kind = "package", .name = "roof", .before = "1", .after = "2"},
                                   {.kind = "setting", .name = "Gutter", .before = "no", .after = "yes"},
                                   {.kind = "not-taken", .name = "/etc/gate", .before = "", .after = "5 6"}},
                       .facts_before = {{"distro", "debian"}, {"release", "12"}, {"clamd", "1.4.3"}},
                       .facts_after = {{"distro", "debian"}, {"release", "12"}, {"clamd", "1.4.6"}}}};
    UpgradeRow row;
    row.image = "house";
    row.state = Before::LivedIn;
    row.case_id = "leak";
    row.variant = {{"weather", "rain"}};
    row.before.verdict = Verdict::Immune;
    row.after.verdict = Verdict::Fixed;
    row.fixes = {{.fix = "bucket", .fate = Fate::Lost, .why = "it drips"}};
    row.judgement = {.change = Change::Regressed, .because = {"it was immune"}};
    results.rows = {row};
    return results;
}

}  // namespace clamproof
