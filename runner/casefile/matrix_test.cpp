#include "casefile/matrix.h"

#include <gtest/gtest.h>

#include "casefile/case_test_folder.h"

namespace clamproof {
namespace {

const Matrix matrix = {{"session", {"login", "cron"}}, {"launcher", {"puppet", "initscript"}}};

std::vector<std::string> names(const std::vector<Variant>& variants) {
    std::vector<std::string> result;
    for (const Variant& variant : variants) result.push_back(variant_name(variant));
    return result;
}

TEST(Expand, MakesEveryCombinationInAStableOrder) {
    EXPECT_EQ(names(expand(matrix)), (std::vector<std::string>{"puppet/login", "puppet/cron",
                                                               "initscript/login", "initscript/cron"}));
}

TEST(Expand, IsOneEmptyVariantWithoutAMatrix) {
    EXPECT_EQ(expand({}), (std::vector<Variant>{{}}));
}

TEST(Expand, KeepsWhatTheFilterWants) {
    EXPECT_EQ(names(expand(matrix, {{"session", {"cron"}}})),
              (std::vector<std::string>{"puppet/cron", "initscript/cron"}));
    EXPECT_EQ(expand(matrix, {{"session", {"login", "cron"}}}).size(), 4U);
    EXPECT_EQ(names(expand(matrix, {{"session", {"cron"}}, {"launcher", {"puppet"}}})),
              (std::vector<std::string>{"puppet/cron"}));
    EXPECT_TRUE(expand(matrix, {{"session", {"sudo"}}}).empty());
    EXPECT_TRUE(expand({}, {{"session", {"cron"}}}).empty())
        << "a case that knows no session has none by cron";
}

class VariantFilters : public testing::Test {
  protected:
    VariantFilters() {
        folder_.add("plain");
        folder_.add("one", with(minimal_case, "\"title\"", R"("matrix": { "session": ["cron"] }, "title")"));
        folder_.add("two", with(minimal_case, "\"title\"",
                                R"("matrix": { "session": ["sudo", "cron"], "by": ["unit"] }, "title")"));
        cases_ = load_cases_of_folder();
    }

    std::vector<Case> load_cases_of_folder() const {
        std::vector<Case> cases;
        for (const char* id : {"plain", "one", "two"})
            cases.push_back(load_case(folder_.path() / id, shipped_facts()));
        return cases;
    }

    std::string complaint(const std::string& text) const {
        try {
            read_variant_filter({text}, cases_);
        } catch (const InputError& error) {
            return error.what();
        }
        return "";
    }

    CaseTestFolder folder_;
    std::vector<Case> cases_;
};

TEST_F(VariantFilters, AddUp) {
    const VariantFilter filter = read_variant_filter({"session=cron", "by=unit", "session=sudo"}, cases_);
    EXPECT_EQ(filter.at("session"), (std::vector<std::string>{"cron", "sudo"}));
    EXPECT_EQ(filter.at("by"), (std::vector<std::string>{"unit"}));
    EXPECT_TRUE(read_variant_filter({}, cases_).empty());
}

TEST_F(VariantFilters, RejectWhatNoCaseKnows) {
    EXPECT_EQ(complaint("sesion=cron"),
              "unknown variant \"sesion\"; expected one of: by, session (did you mean \"session\"?)");
    EXPECT_EQ(complaint("session=corn"),
              "unknown session \"corn\"; expected one of: cron, sudo (did you mean \"cron\"?)");
    EXPECT_EQ(complaint("session"), "\"session\" picks no variant; write NAME=VALUE");
    EXPECT_NE(complaint("=cron"), "");
    EXPECT_NE(complaint("session="), "");
}

}  // namespace
}  // namespace clamproof
