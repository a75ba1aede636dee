#include "guest/overlay.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "support/error.h"
#include "support/process.h"
#include "support/text.h"

namespace clamproof {

using namespace nlohmann::literals;

namespace {

constexpr uid_t nobody = 65534;
constexpr int could_not_mend = 4;  // and whatever e2fsck(8) ends with above that

// A program that reads a guest's disk may be led astray by it, so it gets nothing to do harm with: no user,
// no network, no right to anything but the disk, which it has as an open file. Its last argument is the disk.
ProcessResult run_without_rights(const fs::path& raw, std::vector<std::string> program) {
    constexpr const char* drop_rights =
        "exec 3<>\"$1\"; shift\n"
        "[ \"$(id -u)\" -ne 0 ] || exec unshare --net setpriv --reuid=65534 --regid=65534 --clear-groups "
        "--no-new-privs --inh-caps=-all --bounding-set=-all -- \"$@\" /proc/self/fd/3\n"
        "exec \"$@\" /proc/self/fd/3\n";
    program[0] = need_program(program[0]);
    std::vector<std::string> argv = {"sh", "-euc", drop_rights, "sh", raw.string()};
    argv.insert(argv.end(), program.begin(), program.end());
    return run_process({.argv = std::move(argv)});
}

}  // namespace

void make_overlay(const fs::path& layer, const fs::path& below) {
    run_checked("making a disk layer", {.argv = {"qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2",
                                                 "-b", below.string(), layer.string()}});
}

void move_below(const fs::path& layer, const fs::path& below) {
    run_checked("moving a disk layer", {.argv = {"qemu-img", "rebase", "-u", "-f", "qcow2", "-F", "qcow2",
                                                 "-b", below.string(), layer.string()}});
}

std::optional<std::string> disk_below(const fs::path& layer) {
    const ProcessResult told =
        run_process({.argv = {"qemu-img", "info", "--output=json", "-f", "qcow2", layer.string()}});
    const auto info = nlohmann::json::parse(told.out, nullptr, false);
    if (!told.ok() || !info.is_object()) return std::nullopt;
    if (info.contains("/format-specific/data/data-file"_json_pointer)) return std::nullopt;
    return info.value("backing-filename", "");
}

std::map<std::string, std::string> read_from_disk(const fs::path& disk,
                                                  const std::vector<std::string>& files) {
    const TempDir work(disk.parent_path(), ".raw-");
    const fs::path raw = work.path() / "raw";
    run_checked("reading the guest's disk",
                {.argv = {"qemu-img", "convert", "-O", "raw", disk.string(), raw.string()}});
    if (::geteuid() == 0 && ::chown(raw.c_str(), nobody, nobody) != 0)
        throw InfraError(fmt::format("{} cannot be given away: {}", raw.string(), std::strerror(errno)));
    // The journal of the file system is replayed first: debugfs does not look at it.
    const ProcessResult checked = run_without_rights(raw, {"e2fsck", "-fy", "-E", "journal_only"});
    if (checked.exit < 0 || checked.exit >= could_not_mend)
        throw InfraError(fmt::format("the guest's disk cannot be read: e2fsck {}: {}", checked.how_it_ended(),
                                     without_line_end(checked.out + checked.err)));
    std::map<std::string, std::string> contents;
    for (const auto& file : files) {
        const auto ask = [&](const char* what) {
            return run_without_rights(raw, {"debugfs", "-R", fmt::format("{} \"{}\"", what, file)});
        };
        if (ask("stat").out.find("Type: regular") == std::string::npos) continue;
        if (auto told = ask("cat"); told.ok()) contents[file] = std::move(told.out);
    }
    return contents;
}

}  // namespace clamproof
