/// What changed between runs, for those who watch.
#pragma once

#include <string>
#include <vector>

#include "reports/atlas/history.h"

namespace clamproof {

/// How many changes a feed has; a reader has seen the older ones, and the page has all.
inline constexpr std::size_t feed_limit = 100;

/// An Atom feed (RFC 4287): an entry for each of the newest changes, that leads to its place in index.html
/// beside it. Its dates are those of the runs, its ids name no host, and what guests wrote is text in it.
/// @param runs all of an atlas, in the order of time
std::string atlas_feed(const std::vector<AtlasChange>& changes, const std::vector<RunKey>& runs);

}  // namespace clamproof
