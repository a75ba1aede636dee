#include "guest/overlay.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "support/clock.h"
#include "support/confined.h"
#include "support/error.h"
#include "support/text.h"

namespace clamproof {

using namespace nlohmann::literals;

namespace {

constexpr int could_not_mend = 4;  // and whatever e2fsck(8) ends with above that
constexpr double copy_deadline = 300, look_deadline = 60;

nlohmann::json qemu_img_info(const fs::path& disk) {
    const ProcessResult told =
        run_process({.argv = {"qemu-img", "info", "--output=json", "-f", "qcow2", disk.string()}});
    return told.ok() ? nlohmann::json::parse(told.out, nullptr, false) : nlohmann::json();
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
    const auto info = qemu_img_info(layer);
    if (!info.is_object()) return std::nullopt;
    if (info.contains("/format-specific/data/data-file"_json_pointer)) return std::nullopt;
    return info.value("backing-filename", "");
}

std::uint64_t disk_size(const fs::path& disk) {
    const auto info = qemu_img_info(disk);
    if (!info.is_object() || !info.contains("virtual-size"))
        throw InfraError(fmt::format("{} is no disk that qemu-img can read", disk.string()));
    return info["virtual-size"].get<std::uint64_t>();
}

std::map<std::string, std::string> read_from_disk(const fs::path& disk,
                                                  const std::vector<std::string>& files) {
    need_space("reading the guest's disk", disk.parent_path(), disk_size(disk) >> 20);
    const TempDir work(disk.parent_path(), ".raw-");
    const fs::path raw = work.path() / "raw";
    run_checked("reading the guest's disk",
                {.argv = {"qemu-img", "convert", "-O", "raw", disk.string(), raw.string()},
                 .deadline = copy_deadline});
    if (::geteuid() == 0 && ::chown(raw.c_str(), nobody, nobody) != 0)
        throw InfraError(fmt::format("{} cannot be given away: {}", raw.string(), std::strerror(errno)));
    const Deadline deadline = Deadline::in(look_deadline);
    const auto look = [&](std::vector<std::string> argv) {
        return run_confined({.argv = std::move(argv), .deadline = deadline.seconds_left()}, raw);
    };
    // The journal of the file system is replayed first: debugfs does not look at it.
    const ProcessResult checked = look({"e2fsck", "-fy", "-E", "journal_only"});
    if (checked.exit < 0 || checked.exit >= could_not_mend)
        throw InfraError(fmt::format("the guest's disk cannot be read: e2fsck {}: {}", checked.how_it_ended(),
                                     without_line_end(checked.out + checked.err)));
    std::map<std::string, std::string> contents;
    for (const auto& file : files) {
        const auto ask = [&](const char* what) {
            return look({"debugfs", "-R", fmt::format("{} \"{}\"", what, file)});
        };
        // Further lines hold what the guest may have written: where a link leads.
        const std::string known = ask("stat").out;
        if (known.substr(0, known.find('\n')).find("Type: regular") == std::string::npos) continue;
        if (auto told = ask("cat"); told.ok() || told.full) contents[file] = std::move(told.out);
    }
    return contents;
}

}  // namespace clamproof
