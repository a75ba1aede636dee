/// From the record of a benchmark to the table people read and the JSON programs read.
#pragma once

#include "support/files.h"

namespace clamproof {

/// The record is text, a line a finding, its fields parted by tabs:
///
///     fact NAME TEXT                of the host and the guest
///     what PART WHO UNIT TEXT       opens a row; UNIT is s, ms, MB or share
///     sample PART WHO NUMBER        in seconds where the unit is ms
///     argv PART WHO TEXT            what ran
///     why PART WHO TEXT             why it was not measured, or not like the others; adds up to lines
///
/// Prints the table to standard output and writes `json`. @throws InfraError where a line is none of these.
void report(const fs::path& record, const fs::path& json);

}  // namespace clamproof
