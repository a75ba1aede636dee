/// Downloads over HTTP and HTTPS; what is asked for by HTTPS is not got by HTTP. Proxies are taken from the
/// environment (https_proxy, no_proxy), as curl does.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <functional>
#include <string>

#include "support/digest.h"
#include "support/error.h"
#include "support/files.h"

namespace clamproof {

/// A server did not send what it was asked for.
class DownloadFailed : public InfraError {
  public:
    using InfraError::InfraError;
};

/// It says that there is nothing behind that address.
class NotThere : public DownloadFailed {
  public:
    using DownloadFailed::DownloadFailed;
};

struct DownloadOptions {
    double stall_seconds = 30;  ///< without a KiB a second for that long a server is given up
    double longest_seconds =
        2 * 3600;  ///< whatever comes meanwhile: a file is given up, and gone on with later
    std::uint64_t largest_bytes = std::uint64_t{16} << 30;  ///< of a file; disks of distributions have 2 GiB
    /// Refuses addresses of this host and of networks that are not public, also where the server redirects to
    /// them. Where the site has a proxy, all goes through it, and where that leads is its affair.
    bool public_alone = false;
    /// Told a few times a second how many bytes there are, and of how many: 0 where the server does not tell.
    std::function<void(std::uint64_t, std::uint64_t)> progress = [](std::uint64_t, std::uint64_t) {};
    std::function<bool()> cancelled = [] { return false; };
    /// Told whom a download waits for that has begun the same.
    std::function<void(const std::string&)> say = [](const std::string&) {};
};

/// A small file, at most 1 MiB, that is tried once. @throws DownloadFailed with the address and what the
/// server did.
std::string download_text(const std::string& url, const DownloadOptions& options);

/// Downloads into a file, and goes on from what it holds already; from its beginning where the server cannot.
/// A transfer that breaks off is gone on with as long as that brings more of it, five times at most.
/// @returns the digest of the whole file, counted while it came, in hexadecimal
/// @throws DownloadFailed with the address and what the server did; the file keeps what has come, and is not
/// there where nothing has, where there was no space for it, or where it is larger than it may be.
std::string download_file(const std::string& url, const fs::path& file, DigestKind kind,
                          const DownloadOptions& options);

/// Whether an address is one of the Internet, and leads neither to this host nor into a site's own network.
bool is_public(const sockaddr& address);

/// The protocols that a server may send a request on to, as curl has them.
const char* redirects_from(const std::string& url);

}  // namespace clamproof
