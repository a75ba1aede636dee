#include "image/build/mirrors.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <cstdlib>
#include <sstream>

#include "support/error.h"
#include "support/process.h"
#include "support/text.h"

namespace clamproof {

std::string apt_sources(const std::string& origin, const std::string& suite,
                        const std::vector<std::string>& pockets) {
    if (origin.empty() || find_program("apt-get").empty()) return "";
    const ProcessResult targets =
        run_checked("reading apt's configuration",
                    {.argv = {"apt-get", "indextargets", "--format", "$(ORIGIN) $(RELEASE) $(REPO_URI)",
                              "Created-By: Packages"}});
    std::string main, security;
    std::istringstream lines(targets.out);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string from, release, uri;
        words >> from >> release >> uri;
        if (from != origin) continue;
        if (release.ends_with("-security")) {
            security = uri;
        } else if (release.find('-') == std::string::npos) {
            main = uri;
        }
    }
    if (main.empty()) return "";
    std::string sources = fmt::format("deb {} {} main\n", main, suite);
    for (const auto& pocket : pockets) {
        const std::string& mirror = pocket == "security" ? security : main;
        if (mirror.empty()) return "";
        sources += fmt::format("deb {} {}-{} main\n", mirror, suite, pocket);
    }
    return sources;
}

std::string snapshot_sources(const std::map<std::string, std::string>& addresses, const std::string& day,
                             const std::string& suite, const std::vector<std::string>& pockets) {
    const auto source = [&](const std::string& pocket, const std::string& of) {
        std::string address = addresses.at(pocket);
        if (const auto at = address.find("{day}"); at != std::string::npos) address.replace(at, 5, day);
        return fmt::format("deb {} {} main\n", mirrored_here(address), of);
    };
    std::string sources = source("main", suite);
    for (const auto& pocket : pockets)
        sources += source(pocket == "security" ? pocket : "main", fmt::format("{}-{}", suite, pocket));
    return sources;
}

std::string mirrored(const std::string& url, std::string_view mirrors) {
    std::string longest, instead;
    std::istringstream words{std::string(mirrors)};
    for (std::string word; words >> word;) {
        const auto equals = word.find("=http");  // an address may have an equals sign of its own
        if (!(word.starts_with("http") || word.starts_with("file:")) || equals == std::string::npos)
            throw InputError(fmt::format(
                "CLAMPROOF_MIRRORS holds \"{}\"; expected FROM=TO, both of them beginnings of addresses",
                word));
        const std::string from = word.substr(0, equals);
        if (!url.starts_with(from) || from.size() <= longest.size()) continue;
        longest = from;
        instead = word.substr(equals + 1);
    }
    return longest.empty() ? url : instead + url.substr(longest.size());
}

std::string mirrored_here(const std::string& url) {
    const char* mirrors = std::getenv("CLAMPROOF_MIRRORS");
    return mirrored(url, mirrors ? mirrors : "");
}

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
