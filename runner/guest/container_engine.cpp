#include "guest/container_engine.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "guest/guest.h"
#include "support/archive.h"
#include "support/clock.h"
#include "support/error.h"
#include "support/text.h"

namespace clamproof {
namespace {

constexpr const char* run_label = "org.clamproof.run";
constexpr const char* engine_note = "container-engine";

std::string last_line(const std::string& text) {
    const auto lines = lines_of(text);
    return lines.empty() ? "" : lines.back();
}

std::string joined(const std::vector<std::string>& lines) {
    return fmt::format("{}\n", fmt::join(lines, "\n"));
}

std::vector<std::string> containers_of(const ContainerEngine& engine, const fs::path& folder) {
    return lines_of(engine.must(
        "looking for containers",
        {"ps", "--all", "--quiet", fmt::format("--filter=label={}={}", run_label, folder.string())}));
}

// Options to try, the plainest first. A host whose cgroups are of both versions is one that podman's own
// runtime refuses and that has no systemd to ask for more.
std::vector<std::vector<std::string>> option_sets(const ContainerEngine& engine) {
    if (!engine.is_podman()) return {{}};
    return {{},
            {"--cgroup-manager=cgroupfs"},
            {"--runtime=runc"},
            {"--runtime=runc", "--cgroup-manager=cgroupfs"}};
}

// Above those that systemd gives to containers (systemd.io/UIDS-GIDS), and as many as it gives to one. The
// same for all: the engine makes the image's files theirs once.
constexpr uid_t first_of_own_users = 1879048192;
const std::vector<std::string> own_users = {fmt::format("--uidmap=0:{}:65536", first_of_own_users),
                                            fmt::format("--gidmap=0:{}:65536", first_of_own_users)};

struct Bound {
    const char* of;
    std::vector<std::string> options;
};

// What a guest may take of its host, be it run by somebody who wants all of it. A case in a container takes
// 100 MiB, 40 processes and 20 MiB of disk. Only some storage of the engines' can bound disk (podman's and
// docker's overlay on XFS with project quotas).
std::vector<Bound> wanted_bounds(const ContainerEngine& engine) {
    std::vector<Bound> bounds = {{"memory", {"--memory=2g"}},
                                 {"processes", {"--pids-limit=2048"}},
                                 {"disk", {"--storage-opt=size=16g"}}};
    // Users of its own: a user's podman gives them anyway, docker's daemon to all containers or to none.
    if (!engine.is_podman()) bounds.push_back({"rights as root", {}});
    if (engine.is_podman() && ::geteuid() == 0) bounds.push_back({"rights as root", own_users});
    return bounds;
}

// The folder lies in /tmp: what somebody else has put in its place is not run.
bool is_own(const fs::path& file) {
    struct stat info {};
    return ::lstat(file.c_str(), &info) == 0 && S_ISREG(info.st_mode) && info.st_uid == ::geteuid();
}

fs::path answer_file(const std::string& engine) {
    utsname host{};
    ::uname(&host);
    const fs::path folder = cache_folder() / "container-engines";
    make_folder(folder);
    return folder / sha256(fmt::format("2 {} {} {} {} {}", host.nodename, host.release, host.version, engine,
                                       ::geteuid()));
}

ProcessResult try_out(const ContainerEngine& engine, const std::string& image,
                      const std::vector<std::string>& options) {
    std::vector<std::string> trial = {"run", "--rm", "--network=none", "--pull=never"};
    for (const auto& limit : limits_for_containers()) trial.push_back(limit);
    trial.insert(trial.end(), options.begin(), options.end());
    trial.insert(trial.end(), {image, "/bin/true"});
    return engine.ask(trial);
}

// An engine may go on without a bound that it cannot keep, and say so.
std::vector<std::string> bounds_that_hold(const ContainerEngine& engine, const std::string& image,
                                          const std::string& said_without) {
    std::vector<std::string> hold;
    for (const auto& [of, options] : wanted_bounds(engine)) {
        if (options.empty()) continue;
        const ProcessResult result = try_out(engine, image, options);
        if (result.ok() && result.err == said_without)
            hold.insert(hold.end(), options.begin(), options.end());
    }
    return hold;
}

constexpr std::string_view mark_of_bound = "run ";

// Under its digest: of a damaged answer no container would start, nor be removed.
std::string answer_of(const ContainerEngine& engine) {
    std::string text = joined(engine.command());
    for (const auto& option : engine.bounds()) text += fmt::format("{}{}\n", mark_of_bound, option);
    return sha256(text) + "\n" + text;
}

// None where it is not what was written.
std::optional<ContainerEngine> engine_in(const std::string& answer) {
    const auto end = std::min(answer.find('\n'), answer.size());
    const std::string text = answer.substr(std::min(end + 1, answer.size()));
    if (text.empty() || sha256(text) != answer.substr(0, end)) return std::nullopt;
    std::vector<std::string> command, bounds;
    for (const auto& whole : lines_of(text)) {
        std::string_view line = whole;
        std::vector<std::string>& options = take_prefix(line, mark_of_bound) ? bounds : command;
        options.emplace_back(line);
    }
    return ContainerEngine(command, bounds);
}

}  // namespace

std::string ContainerEngine::name() const {
    const std::string said = must("asking for its version", {"version", "--format", "{{.Client.Version}}"});
    std::string name = fs::path(command_.front()).filename().string() + " " + said;
    for (auto option = command_.begin() + 1; option != command_.end(); ++option) name += " " + *option;
    return name;
}

bool ContainerEngine::has_own_users() const {
    return root_of_containers() != 0 || (is_podman() && ::geteuid() != 0);
}

uid_t ContainerEngine::root_of_containers() const {
    const bool mapped = std::find(bounds_.begin(), bounds_.end(), own_users.front()) != bounds_.end();
    return mapped ? first_of_own_users : 0;
}

ContainerEngine ContainerEngine::without_own_users() const {
    std::vector<std::string> bounds = bounds_;
    std::erase_if(bounds, [](const std::string& option) {
        return std::find(own_users.begin(), own_users.end(), option) != own_users.end();
    });
    return ContainerEngine(command_, bounds);
}

ProcessResult ContainerEngine::ask(std::vector<std::string> arguments, double deadline) const {
    arguments.insert(arguments.begin(), command_.begin(), command_.end());
    return run_process({.argv = std::move(arguments), .deadline = deadline, .end_when_full = true});
}

std::string ContainerEngine::must(const std::string& doing, std::vector<std::string> arguments,
                                  double deadline) const {
    arguments.insert(arguments.begin(), command_.begin(), command_.end());
    return without_line_end(run_checked(doing, {.argv = std::move(arguments), .deadline = deadline}).out);
}

ContainerEngine installed_engine() {
    const char* wanted = std::getenv("CLAMPROOF_CONTAINER_ENGINE");
    std::vector<std::string> programs = {"podman", "docker"};
    if (wanted && *wanted) programs = {wanted};
    std::vector<std::string> troubles;
    for (const auto& program : programs) {
        const std::string path = find_program(program);
        if (path.empty()) {
            troubles.push_back(fmt::format("{} is not installed", program));
            continue;
        }
        ContainerEngine engine({path});
        const ProcessResult answer = engine.ask({"ps", "--quiet"});
        if (answer.ok()) return engine;
        troubles.push_back(fmt::format("{} {}: {}", program, answer.how_it_ended(), last_line(answer.err)));
    }
    throw InfraError(
        fmt::format("no container can run on this host: {}; clamproof doctor tells how to mend it",
                    fmt::join(troubles, "; ")));
}

std::vector<std::string> limits_for_containers() {
    const auto limit = [](int resource, rlim_t enough) {
        rlimit own{};
        ::getrlimit(static_cast<decltype(RLIMIT_NOFILE)>(resource), &own);
        const rlim_t most = std::min(own.rlim_max, enough);
        return fmt::format("{0}:{0}", most);
    };
    return {"--ulimit=nofile=" + limit(RLIMIT_NOFILE, 4096), "--ulimit=nproc=" + limit(RLIMIT_NPROC, 8192)};
}

ContainerEngine working_engine(const ContainerEngine& installed, const std::string& image) {
    const fs::path memory = answer_file(installed.name());
    std::error_code ignored;
    if (fs::exists(memory, ignored))
        if (const auto remembered = engine_in(read_file(memory))) return *remembered;
    std::vector<std::string> troubles;
    for (const auto& way : option_sets(installed)) {
        std::vector<std::string> command = installed.command();
        command.insert(command.end(), way.begin(), way.end());
        const ContainerEngine engine(command);
        const ProcessResult result = try_out(engine, image, {});
        if (result.ok()) {
            const ContainerEngine bounded(command, bounds_that_hold(engine, image, result.err));
            write_file(memory, answer_of(bounded));
            return bounded;
        }
        troubles.push_back(
            fmt::format("{} {}: {}", fmt::join(command, " "), result.how_it_ended(), last_line(result.err)));
    }
    throw InfraError(
        fmt::format("{} cannot run a container on this host:\n{}", installed.name(), joined(troubles)));
}

std::vector<std::string> missing_bounds(const ContainerEngine& working) {
    std::vector<std::string> missing;
    const auto& held = working.bounds();
    for (const auto& [of, options] : wanted_bounds(working))
        if (options.empty() || std::find(held.begin(), held.end(), options.front()) == held.end())
            missing.emplace_back(of);
    return missing;
}

void record_engine(const ContainerEngine& engine, const fs::path& folder) {
    write_file(folder / engine_note, joined(engine.command()));
}

std::string run_label_option(const fs::path& folder) {
    return fmt::format("--label={}={}", run_label, folder.string());
}

// Each comes as an archive through a pipe: what the engine would unpack by itself might be a link or a
// device.
void copy_logs(const ContainerEngine& engine, const std::string& container, const fs::path& folder) {
    const Deadline deadline = Deadline::in(60);
    for (const auto& file : logs_in_files) {
        const auto packed = engine.ask({"cp", container + ":" + file, "-"}, deadline.seconds_left());
        if (const auto content = packed_file(packed.out)) keep_log(folder, file, *content);
    }
}

EndedGuests remove_containers_of(const fs::path& folder) noexcept try {
    if (!is_own(folder / engine_note)) return {};
    const ContainerEngine engine(lines_of(read_file(folder / engine_note)));
    const auto found = containers_of(engine, folder);
    if (found.empty()) return {};
    std::vector<std::string> removal = {"rm", "--force"};
    removal.insert(removal.end(), found.begin(), found.end());
    const ProcessResult removed = engine.ask(removal);
    // It also fails where somebody else was quicker.
    if (removed.ok() || containers_of(engine, folder).empty()) return {.count = found.size()};
    return {.count = found.size(),
            .trouble = fmt::format("removing containers: {} {}: {}", engine.command().front(),
                                   removed.how_it_ended(), last_line(removed.err))};
} catch (const std::exception& error) {
    return {.trouble = error.what()};
}

}  // namespace clamproof
