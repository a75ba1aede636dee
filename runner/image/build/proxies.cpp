#include "image/build/proxies.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <cstdlib>

#include "support/text.h"

namespace clamproof {

// Where QEMU's user network has its host.
std::string seen_from_guest(const std::string& proxy) {
    static const re2::RE2 loopback(
        R"(^((?:[a-z0-9]+://)?(?:[^/@]*@)?)(?:localhost|127\.[0-9.]+|\[::1\])((?::[0-9]+)?(?:/.*)?)$)");
    std::string seen = proxy;
    re2::RE2::Replace(&seen, loopback, R"(\110.0.2.2\2)");
    return seen;
}

std::string proxies_for_guests() {
    std::string text;
    for (const char* name : {"http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "HTTP_PROXY",
                             "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY"})
        if (const char* proxy = std::getenv(name); proxy && *proxy)
            text += fmt::format("export {}={}\n", name, shell_quote(seen_from_guest(proxy)));
    for (const char* name : {"no_proxy", "NO_PROXY"})
        if (const char* hosts = std::getenv(name); hosts && *hosts)
            text += fmt::format("export {}={}\n", name, shell_quote(hosts));
    return text;
}

}  // namespace clamproof
