/// One combination of a case's matrix.
#pragma once

#include <map>
#include <string>

namespace clamproof {

/// Name → value, e.g. session → cron. Empty for a case without a matrix.
using Variant = std::map<std::string, std::string>;

/// The values alone, in the order of their names: "initscript/cron" for launcher and session. Empty for no
/// variant.
std::string variant_name(const Variant& variant);

}  // namespace clamproof
