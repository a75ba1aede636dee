/// Where packages and images come from: the mirrors and proxies of this host, and those of a site with some
/// of its own.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace clamproof {

/// The sources.list for a suite and its pockets, with the mirrors of this host's own apt configuration. Empty
/// where it has none of that origin (in apt's word, as "Debian"): mmdebstrap then chooses.
/// @param pockets "updates" and "security". @throws InfraError where apt's configuration cannot be read.
std::string apt_sources(const std::string& origin, const std::string& suite,
                        const std::vector<std::string>& pockets);

/// The sources.list for a suite and its pockets as an archive kept them on a day.
/// @param addresses pocket (or "main") → address, in which {day} stands for the day
std::string snapshot_sources(const std::map<std::string, std::string>& addresses, const std::string& day,
                             const std::string& suite, const std::vector<std::string>& pockets);

/// An address with its beginning replaced. @param mirrors words FROM=TO, separated by blanks; of those that
/// fit the one with the longest FROM counts. What is on a guest's own disk (file:) can be replaced, too.
/// @throws InputError where a word is none.
std::string mirrored(const std::string& url, std::string_view mirrors);

/// As above, by $CLAMPROOF_MIRRORS.
std::string mirrored_here(const std::string& url);

/// Shell text that exports what the environment says of proxies (http_proxy, https_proxy, ftp_proxy,
/// all_proxy and no_proxy, in small letters or capitals), for a guest behind a network card of QEMU's own:
/// there this host's loopback has another address. Empty where nothing is set.
std::string proxies_for_guests();

/// A proxy's address as such a guest has to name it.
std::string seen_from_guest(const std::string& proxy);

}  // namespace clamproof
