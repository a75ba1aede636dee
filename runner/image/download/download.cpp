#include "image/download/download.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "support/clock.h"
#include "support/digest.h"
#include "support/error.h"

namespace clamproof {
namespace {

constexpr std::size_t largest_text = 1 << 20;
constexpr long most_redirects = 10;
constexpr int most_attempts = 5;
// What servers answer.
constexpr long not_found = 404, gone = 410;
constexpr long nothing_there = 416;      // Range Not Satisfiable
constexpr double progress_every = 0.25;  // seconds

std::string site_proxy() {
    for (const char* name : {"https_proxy", "HTTPS_PROXY", "http_proxy", "all_proxy", "ALL_PROXY"})
        if (const char* proxy = std::getenv(name); proxy && *proxy) return proxy;
    return "";
}

// By RFC 6890: those of no more than this host, a link, a site or a document, and what is sent to many.
bool is_public_ipv4(std::uint32_t address) {
    constexpr std::pair<std::uint32_t, int> others[] = {
        {0x00000000, 8},  {0x0a000000, 8},  {0x64400000, 10}, {0x7f000000, 8},  {0xa9fe0000, 16},
        {0xac100000, 12}, {0xc0000000, 24}, {0xc0000200, 24}, {0xc0a80000, 16}, {0xc6120000, 15},
        {0xc6336400, 24}, {0xcb007100, 24}, {0xe0000000, 3}};
    return std::none_of(std::begin(others), std::end(others), [&](const auto& network) {
        return (address ^ network.first) >> (32 - network.second) == 0;
    });
}

// What is routed begins with 001; of that, these networks carry IPv4 addresses or are for documents. NAT64's
// is what hosts without IPv4 reach it by.
bool is_public_ipv6(const std::string& bytes) {
    using namespace std::string_literals;
    if (bytes.starts_with("\x00\x64\xff\x9b\0\0\0\0\0\0\0\0"s)) {
        std::uint32_t carried = 0;
        std::memcpy(&carried, bytes.data() + 12, sizeof carried);
        return is_public_ipv4(ntohl(carried));
    }
    for (const auto& network : {"\x20\x01\0\0"s, "\x20\x01\x0d\xb8"s, "\x20\x02"s})
        if (bytes.starts_with(network)) return false;
    return (static_cast<unsigned char>(bytes.at(0)) & 0xe0U) == 0x20;
}

/// Takes what comes; false ends the transfer.
using Take = std::function<bool(std::string_view)>;

// One request and what became of it.
class Transfer {
  public:
    Transfer(const std::string& url, const DownloadOptions& options, const Deadline& deadline,
             std::uint64_t offset, Take take)
        : url_(url), options_(options), deadline_(deadline), offset_(offset), take_(std::move(take)) {
        static std::once_flag once;
        std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
        handle_.reset(curl_easy_init());
        set_request();
        set_callbacks();
        if (options.public_alone) keep_public();
    }

    CURLcode run() { return result_ = curl_easy_perform(handle_.get()); }

    long status() const {
        long status = 0;
        curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
        return status;
    }

    // What happened, as the rest of a sentence.
    std::string trouble() const {
        if (refused_) return "it is at an address of this host or of a network that is not public";
        switch (result_) {
            case CURLE_HTTP_RETURNED_ERROR:
                return fmt::format("the server answers {}", status());
            case CURLE_TOO_MANY_REDIRECTS:
                return fmt::format("the server redirects more than {} times", most_redirects);
            case CURLE_OPERATION_TIMEDOUT:
                if (deadline_.passed())
                    return fmt::format("it takes longer than {:.0f} s", options_.longest_seconds);
                return fmt::format("the server sent next to nothing for {:.0f} s", options_.stall_seconds);
            case CURLE_PARTIAL_FILE:
                return "the server ended the transfer before the end of the file";
            case CURLE_ABORTED_BY_CALLBACK:
                return "interrupted";
            default:
                break;
        }
        const std::string more = details_;
        return more.empty() ? curl_easy_strerror(result_) : more;
    }

  private:
    template <typename Value>
    void set(CURLoption option, Value value) {
        curl_easy_setopt(handle_.get(), option, value);
    }

    void set_request() {
        set(CURLOPT_URL, url_.c_str());
        set(CURLOPT_PROTOCOLS_STR, "http,https");
        set(CURLOPT_REDIR_PROTOCOLS_STR, redirects_from(url_));
        set(CURLOPT_FOLLOWLOCATION, 1L);
        set(CURLOPT_MAXREDIRS, most_redirects);
        set(CURLOPT_FAILONERROR, 1L);
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_USERAGENT, "clamproof/" CLAMPROOF_VERSION);
        set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.stall_seconds * 1000));
        // curl counts whole milliseconds from a moment of its own: this way the deadline has passed when it
        // ends.
        constexpr long after_the_deadline = 10;
        set(CURLOPT_TIMEOUT_MS, deadline_.poll_milliseconds() + after_the_deadline);
        set(CURLOPT_LOW_SPEED_LIMIT, 1024L);
        set(CURLOPT_LOW_SPEED_TIME, static_cast<long>(options_.stall_seconds));
        set(CURLOPT_BUFFERSIZE, static_cast<long>(CURL_MAX_READ_SIZE));
        set(CURLOPT_MAXFILESIZE_LARGE,
            static_cast<curl_off_t>(options_.largest_bytes - std::min(offset_, options_.largest_bytes)));
        set(CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(offset_));
        set(CURLOPT_ERRORBUFFER, details_);
    }

    void set_callbacks() {
        set(
            CURLOPT_WRITEFUNCTION, +[](char* data, std::size_t, std::size_t size, void* self) {
                return static_cast<Transfer*>(self)->take_({data, size}) ? size : std::size_t{0};
            });
        set(CURLOPT_WRITEDATA, this);
        set(CURLOPT_NOPROGRESS, 0L);
        set(
            CURLOPT_XFERINFOFUNCTION,
            +[](void* self, curl_off_t total, curl_off_t received, curl_off_t, curl_off_t) {
                return static_cast<Transfer*>(self)->report(static_cast<std::uint64_t>(total),
                                                            static_cast<std::uint64_t>(received));
            });
        set(CURLOPT_XFERINFODATA, this);
    }

    // Looked at when a connection is made, after names have been resolved: a name may lead anywhere, and
    // somewhere else the next time.
    void keep_public() {
        if (const std::string proxy = site_proxy(); !proxy.empty()) {
            set(CURLOPT_PROXY, proxy.c_str());
            set(CURLOPT_NOPROXY, "");
            return;
        }
        set(
            CURLOPT_OPENSOCKETFUNCTION, +[](void* self, curlsocktype, curl_sockaddr* at) -> curl_socket_t {
                if (is_public(at->addr))
                    return ::socket(at->family, at->socktype | SOCK_CLOEXEC, at->protocol);
                static_cast<Transfer*>(self)->refused_ = true;
                return CURL_SOCKET_BAD;
            });
        set(CURLOPT_OPENSOCKETDATA, this);
    }

    // Anything but 0 ends the transfer.
    int report(std::uint64_t total, std::uint64_t received) {
        if (watch_.seconds() >= next_report_) {
            next_report_ = watch_.seconds() + progress_every;
            options_.progress(offset_ + received, total == 0 ? 0 : offset_ + total);
        }
        return options_.cancelled() ? 1 : 0;
    }

    const std::string& url_;
    const DownloadOptions& options_;
    const Deadline& deadline_;
    std::uint64_t offset_;
    Take take_;
    std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle_{nullptr, curl_easy_cleanup};
    CURLcode result_ = CURLE_OK;
    bool refused_ = false;
    char details_[CURL_ERROR_SIZE] = "";
    Stopwatch watch_;
    double next_report_ = 0;
};

// A file that grows, and the digest of all that it holds.
class GrowingFile {
  public:
    GrowingFile(const fs::path& path, DigestKind kind)
        : path_(path), kind_(kind), fd_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)) {
        if (!fd_) fail(errno);
        std::string buffer(1 << 20, '\0');
        for (;;) {
            const ssize_t n = ::read(fd_.get(), buffer.data(), buffer.size());
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) fail(errno);
            if (n == 0) return;
            count(std::string_view{buffer}.substr(0, static_cast<std::size_t>(n)));
        }
    }

    std::uint64_t size() const { return size_; }
    std::string digest() { return digest_->hex(); }

    /// @returns false where there is no space; see `written`.
    bool append(std::string_view data) {
        for (std::string_view rest = data; !rest.empty();) {
            const ssize_t n = ::write(fd_.get(), rest.data(), rest.size());
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) {
                error_ = errno;
                return false;
            }
            rest.remove_prefix(static_cast<std::size_t>(n));
        }
        count(data);
        return true;
    }

    /// @throws InfraError where the last `append` failed. The file is gone then: it would keep the disk full.
    void written() const {
        if (error_ == 0) return;
        remove();
        fail(error_);
    }

    void remove() const {
        std::error_code ignored;
        fs::remove(path_, ignored);
    }

    void clear() {
        if (::ftruncate(fd_.get(), 0) != 0 || ::lseek(fd_.get(), 0, SEEK_SET) != 0) fail(errno);
        digest_.emplace(kind_);
        size_ = 0;
    }

  private:
    [[noreturn]] void fail(int error) const {
        throw InfraError(fmt::format(
            "cannot write {}: {}{}", path_.string(), std::strerror(error),
            error == ENOSPC ? "; free some space (clamproof gc) or set XDG_CACHE_HOME elsewhere" : ""));
    }

    void count(std::string_view data) {
        digest_->add(data);
        size_ += data.size();
    }

    fs::path path_;
    DigestKind kind_;
    Fd fd_;
    std::optional<DigestAside> digest_{std::in_place, kind_};
    std::uint64_t size_ = 0;
    int error_ = 0;
};

// What another request may mend.
bool broke_off(CURLcode result) {
    return result == CURLE_PARTIAL_FILE || result == CURLE_RECV_ERROR || result == CURLE_GOT_NOTHING ||
           result == CURLE_OPERATION_TIMEDOUT || result == CURLE_HTTP2_STREAM;
}

DownloadFailed failed(const std::string& url, const std::string& trouble) {
    return DownloadFailed(fmt::format("cannot download {}: {}", url, trouble));
}

[[noreturn]] void fail(const std::string& url, const Transfer& transfer, std::uint64_t kept = 0) {
    const DownloadFailed failure =
        failed(url, kept == 0 ? transfer.trouble()
                              : fmt::format("{}; the {} bytes that have come are kept for the next time",
                                            transfer.trouble(), kept));
    if (transfer.status() == not_found || transfer.status() == gone) throw NotThere(failure.what());
    throw failure;
}

}  // namespace

std::string download_text(const std::string& url, const DownloadOptions& options) {
    std::string text;
    const Deadline deadline = Deadline::in(options.longest_seconds);
    Transfer transfer(url, options, deadline, 0, [&](std::string_view data) {
        text += data;
        return text.size() <= largest_text;
    });
    if (transfer.run() == CURLE_OK) return text;
    if (text.size() > largest_text) throw failed(url, "it has more than 1 MiB");
    fail(url, transfer);
}

std::string download_file(const std::string& url, const fs::path& file, DigestKind kind,
                          const DownloadOptions& options) {
    GrowingFile growing(file, kind);
    const Deadline deadline = Deadline::in(options.longest_seconds);
    for (int attempt = 1;; ++attempt) {
        const std::uint64_t before = growing.size();
        bool too_large = before > options.largest_bytes;
        Transfer transfer(url, options, deadline, before, [&](std::string_view data) {
            too_large = growing.size() + data.size() > options.largest_bytes;
            return !too_large && growing.append(data);
        });
        const CURLcode result = too_large ? CURLE_FILESIZE_EXCEEDED : transfer.run();
        growing.written();
        if (too_large || result == CURLE_FILESIZE_EXCEEDED) {
            growing.remove();
            throw failed(url, fmt::format("it has more than {} MiB", options.largest_bytes >> 20));
        }
        // A server that has nothing from there on says so where the file is complete.
        if (result == CURLE_OK || (before > 0 && transfer.status() == nothing_there)) return growing.digest();
        if (result == CURLE_RANGE_ERROR && before > 0) {
            growing.clear();  // the server cannot go on from there
        } else if (!broke_off(result) || growing.size() == before || attempt == most_attempts ||
                   deadline.passed()) {
            if (growing.size() == 0) growing.remove();
            fail(url, transfer, growing.size());
        }
    }
}

bool is_public(const sockaddr& address) {
    if (address.sa_family == AF_INET)
        return is_public_ipv4(ntohl(reinterpret_cast<const sockaddr_in&>(address).sin_addr.s_addr));
    const auto& bytes = reinterpret_cast<const sockaddr_in6&>(address).sin6_addr.s6_addr;
    return address.sa_family == AF_INET6 &&
           is_public_ipv6({reinterpret_cast<const char*>(bytes), sizeof bytes});
}

// Whoever can answer for a server by HTTP may send whatever he likes.
const char* redirects_from(const std::string& url) {
    return url.starts_with("https:") ? "https" : "http,https";
}

}  // namespace clamproof
