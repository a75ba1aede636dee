#include "guest/overlay.h"

#include <fmt/format.h>

#include "support/process.h"

namespace clamproof {

void make_overlay(const fs::path& layer, const fs::path& below) {
    run_checked("making a disk layer", {.argv = {"qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2",
                                                 "-b", below.string(), layer.string()}});
}

void move_below(const fs::path& layer, const fs::path& below) {
    run_checked("moving a disk layer", {.argv = {"qemu-img", "rebase", "-u", "-f", "qcow2", "-F", "qcow2",
                                                 "-b", below.string(), layer.string()}});
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
