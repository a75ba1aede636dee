#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "reports/golden_test.h"
#include "reports/reports.h"
#include "reports/sample_test.h"

namespace clamproof {
namespace {

TEST(Annotations, AreAtTheCasesOwnLine) {
    const std::string text = annotations(sample_run());
    EXPECT_NE(text.find("::error file=cases/selinux-stream-ports/case.json,line=40,title=debian-12-selinux "
                        "selinux-stream-ports initscript/cron::fix-failed, expected fixed"),
              std::string::npos)
        << text;
    expect_golden("annotations.txt", text);
}

TEST(Annotations, NothingWhereAllIsAsExpected) {
    RunResults run = sample_run();
    run.results.resize(1);
    EXPECT_EQ(annotations(run), "");
}

TEST(Annotations, WhatAGuestPrintsIsNoCommand) {
    RunResults run = sample_run();
    run.results = {hostile_cell()};
    run.results[0].because = "x\n::set-env name=PATH::/evil\r\n%0A::error::";
    const std::string text = annotations(run);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1) << text;
    EXPECT_EQ(text.find('\r'), std::string::npos);
}

}  // namespace
}  // namespace clamproof
