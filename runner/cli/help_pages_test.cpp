#include "cli/help_pages.h"

#include <gtest/gtest.h>

namespace clamproof {
namespace {

class HelpPagesTest : public testing::Test {
  protected:
    HelpPagesTest() {
        app_.footer("Exit codes: 0");
        auto* run = app_.add_subcommand("run", "Runs [all] of it's cells: now");
        run->add_option("--out", out_, "Folder\n.of reports")->capture_default_str();
        run->add_flag("--quick", quick_, "Less");
        run->add_option("NAME", name_, "Which")->required();
        app_.add_subcommand("worker", "For nobody")->group("");
        app_.add_subcommand("image", "Images")
            ->add_subcommand("build", "Builds")
            ->add_flag("--check", quick_);
    }
    static bool has(const std::string& text, const std::string& part) {
        return text.find(part) != std::string::npos;
    }

    CLI::App app_{"About", "clamproof"};
    std::string out_ = "out-1", name_;
    bool quick_ = false;
};

TEST_F(HelpPagesTest, TheManPageSaysWhatHelpDoes) {
    const std::string page = man_page(app_, "1.2");
    EXPECT_TRUE(has(page, "\"clamproof 1.2\"")) << page;
    EXPECT_TRUE(has(page, ".SS \"clamproof run [OPTION]... NAME\"\nRuns [all] of it's cells: now\n")) << page;
    EXPECT_TRUE(has(page, "\\fB\\-\\-out\\fR TEXT\nFolder\n.br\n\\&.of reports (default: out\\-1)\n"))
        << page;
    EXPECT_TRUE(has(page, "\\fB\\-\\-quick\\fR\nLess\n")) << page;
    EXPECT_TRUE(has(page, "clamproof image build")) << page;
    EXPECT_TRUE(has(page, "Exit codes: 0")) << page;
    EXPECT_FALSE(has(page, "worker")) << page;
}

TEST_F(HelpPagesTest, BashKnowsCommandsAndOptions) {
    const std::string script = bash_completion(app_);
    EXPECT_TRUE(has(script, "'') words='run image --help' ;;")) << script;
    EXPECT_TRUE(has(script, "'run') words='--help --out --quick' ;;")) << script;
    EXPECT_TRUE(has(script, "'image build') words='--help --check' ;;")) << script;
    EXPECT_FALSE(has(script, "worker")) << script;
}

TEST_F(HelpPagesTest, ZshKnowsWhatTheyAreFor) {
    const std::string script = zsh_completion(app_);
    EXPECT_TRUE(has(script, "'run:Runs (all) of it'\\''s cells\\: now'")) << script;
    EXPECT_TRUE(has(script, "'*--out[Folder .of reports]:value:_files'")) << script;
    EXPECT_TRUE(has(script, "'*--quick[Less]'")) << script;
    EXPECT_FALSE(has(script, "worker")) << script;
}

}  // namespace
}  // namespace clamproof
