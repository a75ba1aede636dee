/// Programs that look at what is not trusted.
#pragma once

#include <sys/types.h>

#include "support/files.h"
#include "support/process.h"

namespace clamproof {

/// Who a program without rights runs as where this process is root's.
inline constexpr uid_t nobody = 65534;

/// Runs a program on a file that may have been made to lead it astray. It has nothing to do harm with: where
/// this process is root's it is nobody's, without capabilities, and without a network where the host can take
/// that away. It has 4 GiB of address space at most, makes no file longer than the one that it is given, and
/// is ended where it prints more than `capture_limit` (ProcessResult::full).
/// @param options whose argv ends before the file: the program gets it as its last argument, under a name
/// that needs no right to the folders it is in
/// @throws as run_process.
ProcessResult run_confined(ProcessOptions options, const fs::path& file);

}  // namespace clamproof
