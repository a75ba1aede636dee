/// A worker process: makes images ready and runs cells, one job at a time. Each has a hypervisor of its own,
/// because libvirt's embedded driver runs one guest of a name only.
#pragma once

#include <cstdio>

#include "jobs/settings.h"

namespace clamproof {

/// Reads jobs from `in`, a line each, until end-of-file, and writes events to `out`, a line each. The last
/// one of each job is its result.
/// @returns the exit code of the process.
int run_worker(const Settings& settings, int in, std::FILE* out);

}  // namespace clamproof
