#include "guest/overlay.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "support/process.h"

namespace clamproof {

using namespace nlohmann::literals;

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

bool copy_out(const fs::path& disk, const std::string& folder, const fs::path& into) {
    const TempDir work(into, ".disk-");
    const fs::path raw = work.path() / "raw";
    run_checked("reading the guest's disk",
                {.argv = {"qemu-img", "convert", "-O", "raw", disk.string(), raw.string()}});
    // The journal of the file system is replayed first: debugfs does not look at it.
    run_process({.argv = {"e2fsck", "-fy", "-E", "journal_only", raw.string()}});
    const auto result = run_checked(
        "copying files out of the guest's disk",
        {.argv = {"debugfs", "-R", fmt::format("rdump {} {}", folder, into.string()), raw.string()}});
    const fs::path copied = into / fs::path(folder).filename();
    return fs::exists(copied) && !fs::is_empty(copied);
}

}  // namespace clamproof
