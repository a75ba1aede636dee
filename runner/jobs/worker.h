/// A worker process: makes images ready and runs cells, one job at a time. Each has a hypervisor of its own,
/// because libvirt's embedded driver runs one guest of a name only.
#pragma once

#include <cstdio>

#include "jobs/settings.h"

namespace clamproof {

/// Reads jobs from `in`, a line each, until end-of-file, and writes events to `out`, a line each. A job ends
/// with its BuildEnded event (text empty: ready, else why not) or its CellEnded event.
/// @returns the exit code of the process.
int run_worker(const Settings& settings, int in, std::FILE* out);

}  // namespace clamproof
