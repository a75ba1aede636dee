#include "cli/cli.h"

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string_view>
#include <vector>

#include "cli/command_line.h"
#include "cli/commands.h"
#include "cli/help_pages.h"
#include "cli/own_folders.h"
#include "cli/workflow_commands.h"
#include "image/install.h"
#include "jobs/worker.h"
#include "results/exit_code.h"
#include "support/error.h"
#include "support/text.h"

namespace clamproof {
namespace {

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

void complain(std::ostream& err, std::string_view text) {
    fmt::print(err, "clamproof: {}\n", terminal_text(text));
}

std::vector<std::string> names_of(const std::vector<const CLI::App*>& commands) {
    std::vector<std::string> names;
    for (const auto* command : commands) names.push_back(command->get_name());
    return names;
}

// The first word, where it is meant for a command and is none.
std::optional<std::string> unknown_command(const CLI::App& app, int argc, const char* const* argv) {
    if (argc < 2 || argv[1][0] == '-') return std::nullopt;
    const auto names = names_of(app.get_subcommands({}));
    if (std::find(names.begin(), names.end(), argv[1]) != names.end()) return std::nullopt;
    return argv[1];
}

// CLI11 says what is wrong, not what could have been meant.
int usage_error(const CLI::App& app, const CLI::ParseError& error, int argc, const char* const* argv,
                const Surroundings& surroundings) {
    if (error.get_exit_code() == 0) return app.exit(error, surroundings.out, surroundings.err);
    const auto unknown = unknown_command(app, argc, argv);
    complain(surroundings.err,
             unknown ? fmt::format("there is no command \"{}\"", *unknown) : std::string(error.what()));
    const auto for_people =
        names_of(app.get_subcommands([](const CLI::App* command) { return !command->get_group().empty(); }));
    if (const auto meant = unknown ? closest(*unknown, for_people) : std::nullopt)
        fmt::print(surroundings.err, "Did you mean \"clamproof {}\"?\n", *meant);
    fmt::print(surroundings.err, "clamproof --help tells the commands.\n");
    return Exit::BadInput;
}

std::string page_of(const CommandLine& line) {
    if (line.page == "man") return man_page(line.app, CLAMPROOF_VERSION);
    return line.page == "bash" ? bash_completion(line.app) : zsh_completion(line.app);
}

int act(CommandLine& line, const Surroundings& surroundings) {
    if (!line.page.empty()) {
        surroundings.out << page_of(line);
        return Exit::AsExpected;
    }
    line.make_paths_absolute();
    look_in(line.settings, line.own, surroundings.shipped, surroundings.own_folders);
    return line.action();
}

}  // namespace

void say(const std::string& text) {
    fmt::print(stderr, "{}\n", terminal_text(text));
}

int worker_command(const Settings& settings) {
    return run_worker(settings, STDIN_FILENO, stdout);
}

int run_program(int argc, const char* const* argv, const Surroundings& surroundings,
                const Commands& commands) {
    const std::optional<StoppedCommands> stopped =
        surroundings.command_token
            ? std::make_optional<StoppedCommands>(surroundings.err, *surroundings.command_token)
            : std::nullopt;
    CommandLine line(commands);
    line.settings.program = name_to_call(argv[0], surroundings.path);
    line.settings.command_token = surroundings.command_token;
    try {
        line.app.parse(argc, argv);
        return act(line, surroundings);
    } catch (const CLI::ParseError& error) {
        return usage_error(line.app, error, argc, argv, surroundings);
    } catch (const InputError& error) {
        complain(surroundings.err, error.what());
        return Exit::BadInput;
    } catch (const NotInstallable& error) {
        complain(surroundings.err, error.what());
        return Exit::Mismatch;
    } catch (const std::exception& error) {
        complain(surroundings.err, error.what());
        return Exit::HarnessTrouble;
    }
}

int run_program(int argc, const char* const* argv) {
    if (::geteuid() == 0) ::umask(022);  // what root puts into the store is for all to read
    // The embedded driver logs to stderr unless told otherwise. Its errors reach people as exceptions.
    ::setenv("LIBVIRT_LOG_OUTPUTS", "4:file:/dev/null", 0);
    // A worker's standard error is its parent's, who has stopped the job's commands.
    const bool is_worker = argc > 1 && std::string_view(argv[1]) == "worker";
    return run_program(argc, argv,
                       {.path = environment("PATH"),
                        .own_folders = environment("CLAMPROOF_PATH"),
                        .shipped = shipped_folder(),
                        .out = std::cout,
                        .err = std::cerr,
                        .command_token = is_worker ? std::nullopt : new_command_token()},
                       Commands());
}

}  // namespace clamproof
