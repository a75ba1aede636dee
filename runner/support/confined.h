/// Programs that look at what is not trusted.
#pragma once

#include <sys/types.h>

#include <vector>

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

/// Whether this host lets this process make a sandbox.
bool has_sandbox();

/// Runs a program, and what that runs, on files that may have been made to lead them astray. All that it has
/// of the host is the system's programs and what it is let read; of its own it has an environment of
/// `options.env` alone, and /tmp, with 1 GiB in memory. It has no network. Where this process is root's it is
/// nobody's, so what it is let read has to be everybody's to read. All that it started ends with it. Its
/// memory and output are bounded as above.
/// Where this host lets a user make no sandbox (has_sandbox), it has that user's rights.
/// @param readable files and folders, which keep their paths
/// @throws as run_process; InfraError where this process is root's, and there can be no sandbox.
ProcessResult run_in_sandbox(ProcessOptions options, const std::vector<fs::path>& readable);

}  // namespace clamproof
