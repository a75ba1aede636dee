#include "reports/atlas/feed.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <pugixml.hpp>
#include <set>

#include "reports/atlas/sample_test.h"
#include "reports/sample_test.h"

namespace clamproof {
namespace {

using Words = std::vector<std::string>;

std::string feed_of(const std::vector<RunResults>& runs) {
    Atlas atlas;
    for (const RunResults& run : runs) atlas.add(read_atlas_run(to_json(run), "results.json"));
    return atlas.feed();
}

pugi::xml_document parsed(const std::string& text) {
    pugi::xml_document document;
    const auto result = document.load_string(text.c_str());
    EXPECT_TRUE(result) << result.description() << "\n" << text;
    return document;
}

std::string all_text(const pugi::xml_node& node) {
    std::string text = node.value();
    for (const auto& child : node.children()) text += all_text(child) + " ";
    return text;
}

// What RFC 4287 demands of what is there.
void expect_atom(const pugi::xml_document& document) {
    const auto feed = document.child("feed");
    EXPECT_STREQ(feed.attribute("xmlns").value(), "http://www.w3.org/2005/Atom");
    EXPECT_STRNE(feed.child("author").child_value("name"), "");
    std::set<std::string> ids;
    const auto has_id = [&](const pugi::xml_node& node) {
        EXPECT_TRUE(std::string(node.child_value("id")).starts_with("urn:uuid:"));
        EXPECT_TRUE(ids.insert(node.child_value("id")).second) << "an id is there twice";
        EXPECT_TRUE(is_dated(node.child_value("updated"))) << node.child_value("updated");
        EXPECT_STRNE(node.child_value("title"), "");
        for (const char* once : {"id", "updated", "title"})
            EXPECT_FALSE(node.child(once).next_sibling(once)) << once;
    };
    has_id(feed);
    for (const auto& entry : feed.children("entry")) has_id(entry);
}

std::vector<RunResults> two_days() {
    return {run_with({.day = "2026-01-01", .packages = {{"roof", "1"}}}),
            run_with({.day = "2026-01-02", .silent = true, .packages = {{"roof", "2"}}})};
}

TEST(AtlasFeed, has_an_entry_for_a_change_that_leads_to_it) {
    const auto document = parsed(feed_of(two_days()));
    expect_atom(document);
    const auto feed = document.child("feed"), entry = feed.child("entry");
    EXPECT_STREQ(entry.child_value("title"),
                 "SILENT MISS: leak on debian 12, clamd 1.4.6: fixed → fixed with silent misses");
    EXPECT_STREQ(entry.child_value("updated"), "2026-01-02T12:00:00Z");
    EXPECT_STREQ(feed.child_value("updated"), "2026-01-02T12:00:00Z");
    const std::string id = atlas_of(two_days())["changes"][0]["id"];
    EXPECT_EQ(entry.child_value("id"), "urn:uuid:" + id);
    EXPECT_EQ(entry.child("link").attribute("href").value(), "index.html#change=" + id);
    EXPECT_NE(all_text(entry.child("content")).find("roof 1 → 2"), std::string::npos);
    EXPECT_FALSE(entry.next_sibling("entry"));
}

TEST(AtlasFeed, of_nothing_is_a_feed_still) {
    expect_atom(parsed(feed_of({})));
    const auto document = parsed(feed_of({run_with({.day = "2026-01-01"})}));
    expect_atom(document);
    EXPECT_STREQ(document.child("feed").child_value("updated"), "2026-01-01T12:00:00Z");
}

TEST(AtlasFeed, keeps_its_id_when_runs_are_added) {
    auto runs = two_days();
    const std::string id = parsed(feed_of(runs)).child("feed").child_value("id");
    runs.push_back(run_with({.day = "2026-01-03"}));
    EXPECT_EQ(parsed(feed_of(runs)).child("feed").child_value("id"), id);
    runs[0] = run_with({.day = "2025-01-01"});
    EXPECT_NE(parsed(feed_of(runs)).child("feed").child_value("id"), id) << "another atlas";
}

TEST(AtlasFeed, invents_no_address) {
    std::string text = feed_of(two_days());
    for (const std::string space : {"http://www.w3.org/2005/Atom", "http://www.w3.org/1999/xhtml"})
        for (auto at = text.find(space); at != std::string::npos; at = text.find(space))
            text.erase(at, space.size());
    EXPECT_EQ(text.find("://"), std::string::npos) << text;
}

TEST(AtlasFeed, what_guests_and_cases_say_is_never_markup) {
    const std::string evil = "</li><script>alert(1)</script>&lt;\"'\x01\xff]]>\n";
    std::vector<RunResults> runs;
    for (const auto& [day, verdict] :
         {std::pair("2026-01-01", Verdict::Fixed), {"2026-01-02", Verdict::Immune}}) {
        RunResults run = run_with({.day = day, .verdict = verdict, .clamd = evil, .image = evil}, evil);
        run.images[0].packages = {{evil, day}};
        run.results[0].variant = {{evil, evil}};
        run.results[0].because = evil;
        runs.push_back(run);
    }
    const std::string text = feed_of(runs);
    EXPECT_EQ(text.find("<script"), std::string::npos) << text;
    const auto document = parsed(text);
    expect_atom(document);
    const auto entry = document.child("feed").child("entry");
    EXPECT_NE(std::string(entry.child_value("title")).find("</li><script>alert(1)</script>"),
              std::string::npos);
    EXPECT_NE(all_text(entry).find("&lt;\"'\\x01\xEF\xBF\xBD]]>"), std::string::npos) << all_text(entry);
    EXPECT_NE(all_text(entry).find("2026-01-01 → 2026-01-02"), std::string::npos) << all_text(entry);
}

TEST(AtlasFeed, has_the_newest_changes_alone_and_of_each_no_more_than_is_read) {
    std::vector<RunResults> runs;
    for (int minute = 0; minute < 150; ++minute) {
        RunResults run =
            run_with({.day = "2026-01-01", .verdict = minute % 2 == 0 ? Verdict::Fixed : Verdict::Immune});
        run.started = fmt::format("2026-01-01T{:02}:{:02}:00Z", minute / 60, minute % 60);
        for (int package = 0; package < 60; ++package)
            run.images[0].packages[fmt::format("roof-{}", package)] = std::to_string(minute);
        runs.push_back(run);
    }
    const auto document = parsed(feed_of(runs));
    const auto entries = document.child("feed").children("entry");
    EXPECT_EQ(static_cast<std::size_t>(std::distance(entries.begin(), entries.end())), feed_limit);
    EXPECT_STREQ(document.child("feed").child("entry").child_value("updated"), "2026-01-01T02:29:00Z");
    EXPECT_NE(all_text(document.child("feed").child("entry")).find("and 20 more"), std::string::npos);
}

}  // namespace
}  // namespace clamproof
