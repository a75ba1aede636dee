/// This host's proxies, for guests that have a way out.
#pragma once

#include <string>

namespace clamproof {

/// Shell text that exports what the environment says of proxies (http_proxy, https_proxy, ftp_proxy,
/// all_proxy and no_proxy, in small letters or capitals), for a guest behind a network card of QEMU's own:
/// there this host's loopback has another address. Empty where nothing is set.
std::string proxies_for_guests();

/// A proxy's address as such a guest has to name it.
std::string seen_from_guest(const std::string& proxy);

}  // namespace clamproof
