#include "cli/cli.h"

#include <gtest/gtest.h>

#include <functional>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/workflow_commands.h"
#include "image/install.h"
#include "jobs/settings.h"
#include "results/exit_code.h"
#include "support/error.h"
#include "support/files.h"

namespace clamproof {
namespace {

struct Ended {
    int exit;
    std::string out, err;
};

// A program with its cases and images, whose commands are no more than what a test makes of them.
class CliTest : public testing::Test {
  protected:
    CliTest() : folder_(testing::TempDir(), "cli-") {
        for (const char* name : {"share/cases", "share/images", "site/cases", "more"})
            make_folder(folder_.path() / name);
        commands_.run = [this](const Settings& settings, const RunOptions& options) {
            settings_ = settings;
            run_ = options;
            return Exit::Mismatch;
        };
        commands_.recipe = [this](const Settings&, const RecipeOptions& options) {
            recipe_ = options;
            return Exit::Mismatch;
        };
        commands_.atlas = [this](const AtlasOptions& options) {
            atlas_ = options;
            return Exit::Mismatch;
        };
    }

    Ended call(std::vector<std::string> words) {
        words.insert(words.begin(), "clamproof");
        std::vector<const char*> argv;
        for (const auto& word : words) argv.push_back(word.c_str());
        std::ostringstream out, err;
        const Surroundings surroundings{.path = "/usr/bin",
                                        .own_folders = path_,
                                        .shipped = folder_.path() / "share",
                                        .out = out,
                                        .err = err,
                                        .command_token = token_};
        const int exit = run_program(static_cast<int>(argv.size()), argv.data(), surroundings, commands_);
        return {exit, out.str(), err.str()};
    }

    // What becomes of a command that throws.
    Ended call_throwing(std::function<void()> what) {
        commands_.doctor = [what = std::move(what)](const Settings&) {
            what();
            return Exit::AsExpected;
        };
        return call({"doctor"});
    }

    TempDir folder_;
    std::string path_;
    std::optional<std::string> token_;
    Commands commands_;
    Settings settings_;
    RunOptions run_;
    RecipeOptions recipe_;
    AtlasOptions atlas_;
};

TEST_F(CliTest, NoCommandIsBadUsage) {
    const Ended ended = call({});
    EXPECT_EQ(ended.exit, Exit::BadInput);
    EXPECT_EQ(ended.out, "");
    EXPECT_EQ(ended.err, "clamproof: A subcommand is required\nclamproof --help tells the commands.\n");
}

TEST_F(CliTest, HelpNamesCommandsAndExitCodesOnStandardOutput) {
    const Ended ended = call({"--help"});
    EXPECT_EQ(ended.exit, Exit::AsExpected);
    EXPECT_EQ(ended.err, "");
    for (const char* word : {"\n  run ", "\n  bisect ", "\n  doctor ", "Exit codes: 0 all", "CLAMPROOF_PATH"})
        EXPECT_NE(ended.out.find(word), std::string::npos) << word << " in\n" << ended.out;
    for (const char* hidden : {"worker", "help-page"})
        EXPECT_EQ(ended.out.find(hidden), std::string::npos) << hidden;
}

TEST_F(CliTest, HelpOfACommandNamesItsOptions) {
    const Ended ended = call({"bisect", "--help"});
    EXPECT_EQ(ended.exit, Exit::AsExpected);
    EXPECT_NE(ended.out.find("--candidates"), std::string::npos) << ended.out;
    EXPECT_NE(ended.out.find("Exit codes: 0 found"), std::string::npos) << ended.out;
}

TEST_F(CliTest, TheVersionIsTold) {
    const Ended ended = call({"--version"});
    EXPECT_EQ(ended.exit, Exit::AsExpected);
    EXPECT_NE(ended.out.find_first_of("0123456789"), std::string::npos) << ended.out;
    EXPECT_TRUE(ended.out.ends_with("\n"));
}

TEST_F(CliTest, AMistypedCommandIsBadUsageAndWhatWasMeantIsNamed) {
    const Ended ended = call({"lsit", "--quick"});
    EXPECT_EQ(ended.exit, Exit::BadInput);
    EXPECT_EQ(ended.err,
              "clamproof: there is no command \"lsit\"\nDid you mean \"clamproof list\"?\n"
              "clamproof --help tells the commands.\n");
    EXPECT_EQ(call({"frobnicate"}).err,
              "clamproof: there is no command \"frobnicate\"\nclamproof --help tells the commands.\n");
    EXPECT_EQ(call({"help-pgae"}).err.find("help-page"), std::string::npos) << "it is hidden";
}

TEST_F(CliTest, AComplaintCannotWriteToTheTerminal) {
    EXPECT_EQ(call({"\x1b[2J"}).err,
              "clamproof: there is no command \"\\x1b[2J\"\nclamproof --help tells the commands.\n");
}

TEST_F(CliTest, OptionsThatAreNoneAreBadUsage) {
    const std::pair<std::vector<std::string>, const char*> wrong[] = {
        {{"run", "--imgae", "x"}, "--imgae"},
        {{"--imgae", "run"}, "--imgae"},
        {{"--quick", "run"}, "--quick"},  // an option of a command comes after it
        {{"run", "--accel", "warp"}, "--accel"},
        {{"run", "--jobs", "0"}, "--jobs"},
        {{"run", "--jobs", "many"}, "--jobs"},
        {{"run", "--image"}, "--image"},
        {{"run", "--good", "fixed"}, "--bisect-exit"},
        {{"run", "--bisect-exit", "--good", "infra-error"}, "--good"},
        {{"run", "--quiet", "--json-events"}, "--quiet"},
        {{"upgrade"}, "--to"},
        {{"image"}, "subcommand"},
        {{"help-page", "html"}, "KIND"},
    };
    for (const auto& [words, named] : wrong) {
        const Ended ended = call(words);
        EXPECT_EQ(ended.exit, Exit::BadInput) << named;
        EXPECT_EQ(ended.out, "");
        EXPECT_TRUE(ended.err.starts_with("clamproof: ")) << ended.err;
        EXPECT_NE(ended.err.find(named), std::string::npos) << ended.err;
    }
}

TEST_F(CliTest, EachKindOfErrorHasItsExitCodeAndIsOneSentence) {
    const Ended input = call_throwing([] { throw InputError("case.json:3: no"); });
    EXPECT_EQ(input.exit, Exit::BadInput);
    EXPECT_EQ(input.err, "clamproof: case.json:3: no\n");
    EXPECT_EQ(call_throwing([] { throw InfraError("no space"); }).exit, Exit::HarnessTrouble);
    EXPECT_EQ(call_throwing([] { throw NotInstallable("it conflicts"); }).exit, Exit::Mismatch);
    const Ended other = call_throwing([] { throw std::runtime_error("\x1b[2Jbad"); });
    EXPECT_EQ(other.exit, Exit::HarnessTrouble);
    EXPECT_EQ(other.err, "clamproof: \\x1b[2Jbad\n");
    EXPECT_EQ(other.out, "");
}

TEST_F(CliTest, TheExitCodeOfACommandIsThePrograms) {
    EXPECT_EQ(call({"run"}).exit, Exit::Mismatch);
    commands_.gc = [](const Settings&) { return Exit::Interrupted; };
    EXPECT_EQ(call({"gc"}).exit, Exit::Interrupted);
}

TEST_F(CliTest, ACommandGetsWhatWasSaid) {
    call({"run", "--image", "a*", "--image", "b", "--case", "c", "--variant", "k=v", "--jobs", "3", "--quick",
          "--out", "there", "--repeat", "2", "--shard", "1/2"});
    EXPECT_EQ(run_.images, (std::vector<std::string>{"a*", "b"}));
    EXPECT_EQ(run_.cases, std::vector<std::string>{"c"});
    EXPECT_EQ(run_.variants, std::vector<std::string>{"k=v"});
    EXPECT_EQ(run_.jobs, 3);
    EXPECT_TRUE(run_.quick);
    EXPECT_EQ(run_.shard, "1/2");
    EXPECT_EQ(settings_.out, "there");
    EXPECT_EQ(settings_.repeat, 2);
}

TEST_F(CliTest, PackageFilesAreNamedFromAnyFolder) {
    call({"run", "--install", "new/./clamd.deb", "--install", "/x/y.deb"});
    EXPECT_EQ(run_.install, (std::vector<std::string>{fs::current_path() / "new/clamd.deb", "/x/y.deb"}));
}

TEST_F(CliTest, ImageBuildOrItsCheckIsCalled) {
    std::string called;
    commands_.image_build = [&](const Settings&, const std::vector<std::string>& names, int jobs,
                                bool update) {
        called = "build " + names.at(0) + " " + std::to_string(jobs) + (update ? " update" : "");
        return Exit::AsExpected;
    };
    commands_.image_check = [&](const Settings&, const std::vector<std::string>& names) {
        called = "check " + names.at(0);
        return Exit::AsExpected;
    };
    call({"image", "build", "debian-*", "--jobs", "2", "--update"});
    EXPECT_EQ(called, "build debian-* 2 update");
    call({"image", "build", "--check", "debian-*"});
    EXPECT_EQ(called, "check debian-*");
    called.clear();
    call({"doctor", "--image", "house"});
    EXPECT_EQ(called, "check house");
}

TEST_F(CliTest, CommandsThatAreShownAreCalledAsThisOneWas) {
    call({"run"});
    EXPECT_EQ(called_of(settings_).program, "clamproof");
    EXPECT_TRUE(called_of(settings_).options.empty());

    const std::string more = folder_.path() / "more";
    call({"run", "--cases", more, "--accel", "tcg", "--connect", "test:///default"});
    EXPECT_EQ(called_of(settings_).options,
              (std::vector<std::string>{"--cases", more, "--accel", "tcg", "--connect", "test:///default"}));

    call({"run", "--cases", more, "--only-own"});
    EXPECT_EQ(called_of(settings_).options, (std::vector<std::string>{"--cases", more, "--only-own"}));
}

TEST_F(CliTest, ASitesOwnFoldersComeAfterTheShippedOnes) {
    path_ = folder_.path() / "site";
    EXPECT_EQ(call({"run"}).exit, Exit::Mismatch);
    EXPECT_EQ(settings_.cases.list,
              (std::vector<fs::path>{fs::weakly_canonical(folder_.path() / "share/cases"),
                                     fs::weakly_canonical(folder_.path() / "site/cases")}));
    path_ = folder_.path() / "more";
    const Ended ended = call({"run"});
    EXPECT_EQ(ended.exit, Exit::BadInput);
    EXPECT_NE(ended.err.find("has neither cases/ nor images/"), std::string::npos) << ended.err;
}

TEST_F(CliTest, ARecipeIsOfOneImageAndCase) {
    EXPECT_EQ(call({"recipe", "house", "leak", "--variant", "session=cron", "--format", "debian", "--bisect",
                    "out"})
                  .exit,
              Exit::Mismatch);
    EXPECT_EQ(recipe_.image, "house");
    EXPECT_EQ(recipe_.case_id, "leak");
    EXPECT_EQ(recipe_.variants, std::vector<std::string>{"session=cron"});
    EXPECT_EQ(recipe_.form, "debian");
    EXPECT_EQ(recipe_.bisection, "out");
    for (const auto& wrong :
         {std::vector<std::string>{"recipe", "house"}, {"recipe", "house", "leak", "--format", "word"}})
        EXPECT_EQ(call(wrong).exit, Exit::BadInput);
}

TEST_F(CliTest, AnAtlasIsOfRunsAndGoesToASite) {
    EXPECT_EQ(call({"atlas", "monday", "tuesday", "--site", "web"}).exit, Exit::Mismatch);
    EXPECT_EQ(atlas_.folders, (std::vector<std::string>{"monday", "tuesday"}));
    EXPECT_EQ(atlas_.site, "web");
    for (const auto& wrong : {std::vector<std::string>{"atlas", "monday"}, {"atlas", "--site", "web"}})
        EXPECT_EQ(call(wrong).exit, Exit::BadInput);
}

TEST_F(CliTest, TheManualIsPrinted) {
    EXPECT_TRUE(call({"help-page", "man"}).out.starts_with(".TH"));
    EXPECT_NE(call({"help-page", "bash"}).out.find("complete -"), std::string::npos);
    EXPECT_NE(call({"help-page", "zsh"}).out.find("#compdef clamproof"), std::string::npos);
}

// What guests say is taken for no command of the job, whatever becomes of the run.
TEST_F(CliTest, AJobOfGitHubsTakesNoCommandsMeanwhile) {
    token_ = "7f3a";
    EXPECT_EQ(call({"run"}).err, "::stop-commands::7f3a\n::7f3a::\n");
    EXPECT_EQ(settings_.command_token, "7f3a");
    const Ended failed = call_throwing([] { throw InfraError("the guest said:\n::set-output name=x::y"); });
    EXPECT_TRUE(failed.err.starts_with("::stop-commands::7f3a\n")) << failed.err;
    EXPECT_TRUE(failed.err.ends_with("::set-output name=x::y\n::7f3a::\n")) << failed.err;
    EXPECT_EQ(let_through("::error::x\n", "7f3a"), "::7f3a::\n::error::x\n::stop-commands::7f3a\n");
    EXPECT_EQ(let_through("", "7f3a"), "");
}

}  // namespace
}  // namespace clamproof
