#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "reports/reports.h"
#include "reports/sample_test.h"

namespace clamproof {
namespace {

std::string data_in(const std::string& page) {
    const std::string begin = "id=\"data\">";
    const auto from = page.find(begin) + begin.size();
    return page.substr(from, page.find("</script>", from) - from);
}

std::size_t times(const std::string& text, std::string_view word) {
    std::size_t count = 0;
    for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) ++count;
    return count;
}

TEST(Html, holds_the_run_as_data) {
    const auto data = nlohmann::json::parse(data_in(html(sample_run())));
    EXPECT_EQ(data["cells"].size(), sample_run().results.size());
    EXPECT_EQ(data["closing"], "1 passed, 4 failed, 3 skipped, 1 known");
    const auto& failed = data["cells"][3];
    const auto text = [&](const nlohmann::json& number) { return data["texts"][number.get<std::size_t>()]; };
    EXPECT_EQ(text(failed["image"]), "debian-12-selinux");
    EXPECT_EQ(failed["verdict"], "fix-failed");
    EXPECT_EQ(failed["alarms"], 1);
    EXPECT_EQ(text(failed["alarmed"]), "by stream; with fix label-the-range in place (probe after reboot)");
    EXPECT_FALSE(failed.contains("explained"));
    EXPECT_EQ(failed["arms"][2]["scans"][0]["miss"], "alarm");
    EXPECT_EQ(text(failed["arms"][2]["scans"][0]["step"]), "probe after reboot");
    const auto& passed = data["cells"][4];
    EXPECT_FALSE(passed.contains("alarms"));
    EXPECT_EQ(text(passed["recipe"]).get<std::string>().find("clamproof recipe "), 0U);
    EXPECT_FALSE(failed.contains("recipe"));
    EXPECT_EQ(text(passed["explained"]), "by path; failing (probe)");
    EXPECT_EQ(text(failed["arms"][2]["seen"]), "the probe failed again: Can't find any free port");
    EXPECT_EQ(failed["arms"][1]["denials"][0]["port"], "1024-1048");
    EXPECT_EQ(data["cases"]["selinux-stream-ports"]["scripts"]["probe.sh"], "scan --stream /tmp/eicar\n");
    EXPECT_FALSE(data.contains("former"));
}

TEST(Html, holds_the_matrix_with_variants_folded) {
    RunResults run = sample_run();
    run.results.resize(2);
    run.results.push_back(run.results[1]);
    run.results.back().variant = {{"start", "cron"}};
    const auto matrix = nlohmann::json::parse(data_in(html(run)))["matrix"];
    EXPECT_EQ(matrix["cases"], nlohmann::json::parse(R"(["stale-pid-file", "selinux-stream-ports"])"));
    ASSERT_EQ(matrix["fields"].size(), 2U);
    EXPECT_EQ(matrix["fields"][0]["words"], "2 of 2 fix-failed");
    EXPECT_EQ(matrix["fields"][0]["outcome"], "mismatch");
    EXPECT_EQ(matrix["fields"][0]["misses"], 2);
    EXPECT_EQ(matrix["fields"][0]["alarms"], 2);
}

TEST(Html, tells_the_verdicts_of_a_former_run) {
    RunResults former = sample_run();
    former.results.resize(2);
    const auto data = nlohmann::json::parse(data_in(html(sample_run(), former)));
    EXPECT_EQ(data["former"]["verdicts"],
              nlohmann::json::parse(R"({"debian-12-selinux stale-pid-file": "fixed",
                  "debian-12-selinux selinux-stream-ports initscript/cron": "fix-failed"})"));
}

TEST(Html, what_a_guest_prints_is_never_markup) {
    RunResults run = sample_run();
    const std::size_t before = times(html(run), "<");
    run.results.push_back(hostile_cell());
    run.results[0].because = "</script><script>alert(1)</script><!-- <img src=x onerror=alert(1)>";
    run.cases[0].story = "</script><b>";
    const std::string page = html(run);
    EXPECT_EQ(times(page, "<"), before) << "the data holds no < at all";
    EXPECT_EQ(page.find("alert(1)</"), std::string::npos);
    EXPECT_FALSE(nlohmann::json::parse(data_in(page)).is_discarded());
}

TEST(Html, only_its_own_script_and_style_may_run) {
    const std::string page = html(sample_run());
    EXPECT_NE(page.find("default-src 'none'; style-src 'sha256-"), std::string::npos);
    EXPECT_NE(page.find("script-src 'sha256-"), std::string::npos);
    for (const char* loads : {"http:", "https:", "src=", "unsafe", "innerHTML", "@import", "url("})
        EXPECT_EQ(page.find(loads), std::string::npos) << loads;
}

// It grows with its cells: a page of 5,000 is to be mailed.
TEST(Html, a_page_of_100_cells_is_small) {
    RunResults run = big_run(100);
    for (auto& cell : run.results)
        for (auto& arm : cell.arms)
            for (auto& step : arm.steps) step.out = step.err = "";
    EXPECT_LE(html(run).size(), 130'000U);
}

}  // namespace
}  // namespace clamproof
