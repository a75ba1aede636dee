/// One variant of a case in place of all.
#pragma once

#include <optional>

#include "casefile/case.h"

namespace clamproof {

/// The variant that stands for a case where none was asked for: the first that is expected to fail and be
/// fixed, or else the first that is not skipped. @returns nothing where all are skipped
std::optional<Variant> representative(const Case& subject, const Facts& facts);

}  // namespace clamproof
