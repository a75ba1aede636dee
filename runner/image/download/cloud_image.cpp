#include "image/download/cloud_image.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <cstdlib>
#include <fstream>

#include "guest/overlay.h"
#include "image/build/mirrors.h"
#include "image/download/first_boot.h"
#include "image/download/verification.h"
#include "support/digest.h"
#include "support/error.h"
#include "support/file_lock.h"

namespace clamproof {
namespace {

std::string file_name(const std::string& url) {
    const std::string path = url.substr(0, url.find_first_of("?#"));
    return path.substr(path.rfind('/') + 1);
}

std::string lock_name(const std::string& digest) {
    return fmt::format(".{}.lock", digest);
}

// Who is sent to another page, to log in somewhere, gets that page in place of a file.
bool is_web_page(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::string beginning(1024, '\0');
    in.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
    return re2::RE2::PartialMatch(
        beginning, R"((?i)^\x{FEFF}?\s*<(!doctype html|html|\?xml[^>]*>\s*<(!doctype )?html))");
}

// A disk that lies on another file would let the guest read that file.
void check_is_fit(const fs::path& file, const std::string& url, const std::string& firmware) {
    const auto below = disk_below(file);
    std::string why;
    if (!below)
        why = is_web_page(file) ? "a web page" : "no disk in the format qcow2";
    else if (!below->empty())
        why = "a disk that lies on another file";
    else if (const std::string unfit = unfit_for_first_boot(file, firmware); !unfit.empty())
        why = "a disk " + unfit;
    if (!why.empty())
        throw InfraError(fmt::format("{} is the file that its publisher vouches for, but {}", url, why));
}

}  // namespace

CloudImages::CloudImages(fs::path folder, DownloadOptions options)
    : folder_(std::move(folder)), pins_(folder_ / "pins.json"), options_(std::move(options)) {}

Checksum CloudImages::published(const CloudSource& source) const {
    const std::string url = mirrored_here(source.checksum), image = file_name(source.image);
    std::string text = download_text(url, options_);
    if (!source.keyring.empty()) {
        SignedText given{.text = text, .where = url};
        if (!source.signature.empty())
            given.signature = download_text(mirrored_here(source.signature), options_);
        text = verified_text(given, source.keyring, source.fingerprints);
    }
    try {
        if (const auto checksum = find_checksum(text, image)) return *checksum;
    } catch (const InfraError& error) {
        throw InfraError(fmt::format("{} cannot be used: {}", url, error.what()));
    }
    throw InfraError(fmt::format("{} has no SHA-256 or SHA-512 digest of {}", url, image));
}

Checksum CloudImages::wanted(const CloudSource& source) const {
    const Checksum today = published(source);
    const auto pin = pins_.find(source.image);
    if (pin && *pin != today)
        throw InfraError(
            fmt::format("{} has changed since it was first used: it was {} and its publisher vouches "
                        "for {} now; run clamproof image build --update to go on with that",
                        source.image, pin->text(), today.text()));
    return today;
}

bool CloudImages::has(const Checksum& checksum) const {
    const fs::path file = folder_ / "downloads" / checksum.hex;
    std::error_code ignored;
    return fs::exists(file, ignored) && digest_file(file, checksum.kind) == checksum.hex;
}

fs::path CloudImages::fetch(const CloudSource& source) const {
    make_folder(folder_ / "downloads");
    let_through(folder_ / "downloads");
    const auto pin = pins_.find(source.image);
    if (pin && has(*pin)) {
        const fs::path file = folder_ / "downloads" / pin->hex;
        check_is_fit(file, source.image, source.firmware);
        return file;
    }
    if (source.dated && (!pin || *pin == source.dated->digest)) {
        try {
            return take(source, source.dated->image, source.dated->digest);
        } catch (const NotThere&) {
            options_.say(
                fmt::format("{} is not offered any more; {} takes its place, and other hosts may have "
                            "another guest",
                            source.dated->image, source.image));
        }
    }
    return take(source, source.image, wanted(source));
}

fs::path CloudImages::take(const CloudSource& source, const std::string& address,
                           const Checksum& checksum) const {
    const fs::path downloads = folder_ / "downloads", file = downloads / checksum.hex;
    const FileLock lock(downloads / lock_name(checksum.hex), FileLock::Kind::Exclusive,
                        {.what = fmt::format("{} is being downloaded", address),
                         .cancelled = options_.cancelled,
                         .say = options_.say});
    if (!has(checksum)) download(mirrored_here(address), checksum, file);
    try {
        check_is_fit(file, address, source.firmware);
    } catch (const InfraError&) {
        std::error_code ignored;
        fs::remove(file, ignored);
        throw;
    }
    pins_.set(source.image, checksum);
    return file;
}

void CloudImages::download(const std::string& url, const Checksum& checksum, const fs::path& file) const {
    const fs::path part = file.string() + ".part";
    std::error_code ignored;
    bool resumed = fs::exists(part, ignored);
    for (;; resumed = false) {
        const std::string digest = download_file(url, part, checksum.kind, options_);
        if (digest == checksum.hex) return fs::rename(part, file);
        const char* page = is_web_page(part) ? "is a web page, and " : "";
        fs::remove(part, ignored);
        if (resumed) continue;  // what had come earlier may have been damaged since
        throw InfraError(
            fmt::format("{} is not the file that its publisher vouches for: it {}has {}:{}, not {}", url,
                        page, to_string(checksum.kind), digest, checksum.text()));
    }
}

bool CloudImages::update(const CloudSource& source) const {
    const auto pin = pins_.find(source.image);
    if (!pin) return false;
    const Checksum today = published(source);
    if (*pin == today) return false;
    pins_.set(source.image, today);
    return true;
}

std::uint64_t CloudImages::remove_others(const std::set<std::string>& digests) const {
    std::uint64_t bytes = 0;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder_ / "downloads", error)) {
        const fs::path& file = entry.path();
        if (digests.contains(file.stem()) || file.filename().string().starts_with('.')) continue;
        const auto lock = FileLock::try_lock(folder_ / "downloads" / lock_name(file.stem()));
        if (!lock) continue;  // it is just coming
        bytes += entry.file_size(error);
        fs::remove(file, error);
    }
    return bytes;
}

DownloadOptions download_options_here() {
    DownloadOptions options;
    const char* given = std::getenv("CLAMPROOF_STALL_SECONDS");
    if (!given) return options;
    char* end = nullptr;
    options.stall_seconds = std::strtod(given, &end);
    if (*end != '\0' || options.stall_seconds < 1 || options.stall_seconds > 3600)
        throw InputError(fmt::format(
            "CLAMPROOF_STALL_SECONDS is \"{}\"; expected a number of seconds from 1 to 3600", given));
    return options;
}

}  // namespace clamproof
