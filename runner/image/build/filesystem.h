/// From a tree of files to a guest's disk, or to an archive. The same files make the same bytes, whenever and
/// wherever.
#pragma once

#include <ctime>
#include <functional>
#include <string>

#include "support/files.h"
#include "support/process.h"

namespace clamproof {

/// Sets back every time of change in a tree that is later than `latest`, so that nothing tells when a script
/// ran or a copy was made. Links are not followed. @throws InfraError naming the file.
void set_back_times(const fs::path& root, std::time_t latest);

/// Runs a program whose failure is an InfraError. @param doing "making the file system", for the message
using RunTool = std::function<ProcessResult(const std::string& doing, const ProcessOptions& options)>;

struct DiskPlan {
    fs::path root;         ///< the tree; its times are set back first
    fs::path disk;         ///< the qcow2 that is made; a raw file beside it comes and goes
    int size_mib = 0;      ///< of the file system
    std::string identity;  ///< of the file system: the same text, the same UUID and hash seed
    std::time_t date = 0;  ///< no time on the disk is later
};

/// @throws InfraError naming the tool and its words.
void make_disk(const DiskPlan& plan, const RunTool& run);

/// Packs a tree into a tar file, with owners, modes and extended attributes. @param latest as for
/// set_back_times. @throws as above.
void pack_tree(const fs::path& root, const fs::path& file, std::time_t latest, const RunTool& run);

}  // namespace clamproof
