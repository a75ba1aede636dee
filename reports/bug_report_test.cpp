#include "reports/bug_report.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "proof/fake_door_test.h"
#include "reports/sample_test.h"
#include "support/text.h"

namespace clamproof {
namespace {

using Purpose = RecipeStep::Purpose;

class BugReportTest : public testing::Test {
  protected:
    BugReportTest() : folder_(testing::TempDir(), "bug-report-"), subject_(door()) {
        subject_.title = "A door sticks";
        subject_.story = "It swells & sticks.";
        subject_.source = "The door (2026)";
        fix_.documented = "oil it";
        recipe_.fix = &fix_;
        recipe_.steps = {{.purpose = Purpose::Before,
                          .heading = "1. Before",
                          .commands = "probe\n",
                          .shown = "/x: E FOUND\n"},
                         {.purpose = Purpose::Failure,
                          .heading = "2. What happens",
                          .commands = "probe\n",
                          .shown = "/x: OK\n"},
                         {.purpose = Purpose::Evidence,
                          .heading = "3. A closer look",
                          .commands = "look\n",
                          .shown = "wet\n"},
                         {.purpose = Purpose::After,
                          .heading = "4. After",
                          .commands = "probe\n",
                          .shown = "/x: E FOUND\n"}};
    }

    Case door() {
        write_door(folder_.path() / "door");
        return load_case(folder_.path() / "door", door_facts);
    }

    std::string text(ReportForm form, const std::string& since = "") const {
        return bug_report({.subject = subject_,
                           .recipe = recipe_,
                           .proved = "Proved in a house.",
                           .package = package_,
                           .version = "1.0-1",
                           .about = {{"kernel", kernel_}},
                           .since = since},
                          form);
    }
    static bool has(const std::string& text, const std::string& part) {
        return text.find(part) != std::string::npos;
    }

    TempDir folder_;
    Case subject_;
    Fix fix_;
    Recipe recipe_;
    std::string package_ = "door", kernel_ = "6.1";
};

TEST_F(BugReportTest, TheBtsGetsItsHeaders) {
    const std::string report = text(ReportForm::Debian, "culprit: 1.0");
    EXPECT_EQ(report.find("Subject: door: A door sticks\n\nPackage: door\nVersion: 1.0-1\nSeverity: "
                          "important\nTags: security\n\n"),
              0U)
        << report;
    for (const char* part :
         {"\nIt swells & sticks.\n", "\n    /x: OK\n", "\nWhat happens:\n", "\nSince: culprit: 1.0\n",
          "\nWhat cures it: oil it\n", "\nVersions: kernel 6.1\n", "\n#!/bin/sh\n",
          "\nInfected files are reported clean: 1 scan in this run.\n"})
        EXPECT_TRUE(has(report, part)) << part << " in\n" << report;
}

TEST_F(BugReportTest, AMailHasShortLines) {
    subject_.story.clear();
    for (int n = 0; n < 60; ++n) subject_.story += "swollen ";
    for (const auto& line : lines_of(text(ReportForm::Debian))) EXPECT_LE(line.size(), 72U) << line;
}

TEST_F(BugReportTest, OnlyASilentMissIsAMatterOfSecurity) {
    recipe_.steps[1].shown = "it sticks\n";
    EXPECT_FALSE(has(text(ReportForm::Debian), "Tags:"));
    EXPECT_FALSE(has(text(ReportForm::Markdown), "reported clean"));
}

TEST_F(BugReportTest, PagesHaveHeadingsAndTheScript) {
    const std::string page = text(ReportForm::Markdown);
    EXPECT_EQ(page.find("# A door sticks\n\nIt swells & sticks.\n\nProved in a house.\n"), 0U) << page;
    EXPECT_TRUE(has(page, "\n## What happens\n"));
    EXPECT_TRUE(has(page, "\n```text\n#!/bin/sh\n")) << page;
    const std::string issue = text(ReportForm::Github);
    EXPECT_EQ(issue.find("It swells"), 0U);
    EXPECT_TRUE(has(issue, "\n### What happens\n"));
    EXPECT_TRUE(has(issue, "<details>"));
    EXPECT_FALSE(has(page, "## Since"));
    EXPECT_TRUE(has(text(ReportForm::Markdown, "culprit: 1.0"), "\n## Since\n\nculprit: 1.0\n"));
}

TEST_F(BugReportTest, TheScriptSaysWhereItWasProved) {
    EXPECT_EQ(text(ReportForm::Shell).find("#!/bin/sh\n# A door sticks\n# Proved in a house.\n"), 0U);
    EXPECT_TRUE(has(text(ReportForm::Shell), "\n# Versions: kernel 6.1\n"));
}

// Blocks end at a fence as long as their own; lines of the script are commands or comments.
TEST_F(BugReportTest, WhatAGuestPrintsBreaksOutOfNothing) {
    const std::string clean = text(ReportForm::Shell);
    kernel_ = package_ = hostile_text() + "\nTags: pwned\n";
    for (auto& step : recipe_.steps)
        step.shown = hostile_text() + "\n```\n````\nrm -rf /\n</details>\nTags: pwned\n\n# heading\n";
    for (const auto form : {ReportForm::Markdown, ReportForm::Github}) {
        const std::string outside = outside_blocks(text(form));
        for (const char* part : {"rm -rf", "\nTags:", "\n# heading", "\x1b", "<b"})
            EXPECT_FALSE(has(outside, part)) << part << " in\n" << outside;
    }
    const std::string mail = text(ReportForm::Debian);
    EXPECT_FALSE(has(mail, "\nTags: pwned")) << mail;
    EXPECT_FALSE(has(mail, "\nrm -rf"));
    EXPECT_FALSE(has(mail, "\x1b"));
    const auto commands = [](const std::string& script) {
        auto lines = lines_of(script);
        std::erase_if(lines, [](const std::string& one) { return one.starts_with("#"); });
        return lines;
    };
    EXPECT_EQ(commands(text(ReportForm::Shell)), commands(clean));
}

}  // namespace
}  // namespace clamproof
