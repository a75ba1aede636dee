/// A disk with nothing on it, for tests.
#pragma once

#include <string>

#include "support/files.h"
#include "support/process.h"

namespace clamproof {

/// Makes a qcow2 disk of 1 MiB. QEMU makes one a process; the others are its copies.
inline void make_empty_disk(const fs::path& disk) {
    static std::string content;
    if (content.empty()) {
        run_checked("making a disk",
                    {.argv = {"qemu-img", "create", "-q", "-f", "qcow2", disk.string(), "1M"}});
        content = read_file(disk);
    }
    write_file(disk, content);
}

}  // namespace clamproof
