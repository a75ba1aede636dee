/// The variants of a case, all or some of them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "casefile/case.h"

namespace clamproof {

/// What `--variant K=V` picks: name → the values wanted, any of them.
using VariantFilter = std::map<std::string, std::vector<std::string>>;

/// Reads `K=V` texts; several of one name add up.
/// @throws InputError where a text is none, or where no case knows the name or the value, naming what there
/// is.
VariantFilter read_variant_filter(const std::vector<std::string>& texts, const std::vector<Case>& cases);

/// The variants of a case, by name and then in the order of the file, the last name changing fastest. Without
/// a matrix that is one empty variant. A filter keeps those that have a wanted value for every name in it, so
/// it leaves nothing of a case that lacks the name.
std::vector<Variant> expand(const Matrix& matrix, const VariantFilter& filter = {});

}  // namespace clamproof
