/// JUnit XML, as CI services read it.
#pragma once

#include <string>

#include "results/results.h"

namespace clamproof {

/// One testsuite an image, one testcase a cell. A verdict other than the expected one is a failure, an
/// infra-error an error, a skipped cell is skipped with its reason, and so is a known problem, for which
/// JUnit has no word. Facts and the accelerator are properties of the suite; silent misses are the
/// output of their testcase, whatever its outcome. It keeps to the schema that Jenkins publishes.
std::string junit(const RunResults& run);

}  // namespace clamproof
