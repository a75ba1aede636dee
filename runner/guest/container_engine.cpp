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
    return folder / sha256(fmt::format("{} {} {} {} {}", host.nodename, host.release, host.version, engine,
                                       ::geteuid()));
}

}  // namespace

std::string ContainerEngine::name() const {
    const std::string said = must("asking for its version", {"version", "--format", "{{.Client.Version}}"});
    std::string name = fs::path(command_.front()).filename().string() + " " + said;
    for (auto option = command_.begin() + 1; option != command_.end(); ++option) name += " " + *option;
    return name;
}

ProcessResult ContainerEngine::ask(std::vector<std::string> arguments, double deadline) const {
    arguments.insert(arguments.begin(), command_.begin(), command_.end());
    return run_process({.argv = std::move(arguments), .deadline = deadline});
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
    if (fs::exists(memory, ignored)) return ContainerEngine(lines_of(read_file(memory)));
    std::vector<std::string> troubles;
    for (const auto& way : option_sets(installed)) {
        std::vector<std::string> command = installed.command();
        command.insert(command.end(), way.begin(), way.end());
        const ContainerEngine engine(command);
        std::vector<std::string> trial = {"run", "--rm", "--network=none", "--pull=never"};
        for (const auto& limit : limits_for_containers()) trial.push_back(limit);
        trial.insert(trial.end(), {image, "/bin/true"});
        const ProcessResult result = engine.ask(trial);
        if (result.ok()) {
            write_file(memory, joined(command));
            return engine;
        }
        troubles.push_back(
            fmt::format("{} {}: {}", fmt::join(command, " "), result.how_it_ended(), last_line(result.err)));
    }
    throw InfraError(
        fmt::format("{} cannot run a container on this host:\n{}", installed.name(), joined(troubles)));
}

void record_engine(const ContainerEngine& engine, const fs::path& folder) {
    write_file(folder / engine_note, joined(engine.command()));
}

std::string run_label_option(const fs::path& folder) {
    return fmt::format("--label={}={}", run_label, folder.string());
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
