#include "image/download/verification.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "support/error.h"
#include "support/file_lock.h"
#include "support/process.h"
#include "support/text.h"

namespace clamproof {
namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::optional<Checksum> checksum_of(DigestKind kind, std::string_view digits) {
    if (digits.size() != hex_digits(kind)) return std::nullopt;
    std::string hex;
    for (const char c : digits) {
        if (!std::isxdigit(static_cast<unsigned char>(c))) return std::nullopt;
        hex += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return Checksum{.kind = kind, .hex = hex};
}

bool is_of(std::string_view written, std::string_view name) {
    return written.substr(written.rfind('/') + 1) == name;  // without a slash: from 0 on
}

// "hex  name", "hex *name"
std::optional<Checksum> coreutils_line(std::string_view line, std::string_view name) {
    const auto end = line.find_first_of(blanks);
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view written = trimmed(line.substr(end));
    take_prefix(written, "*");
    if (!is_of(written, name)) return std::nullopt;
    const auto short_one = checksum_of(DigestKind::Sha256, line.substr(0, end));
    return short_one ? short_one : checksum_of(DigestKind::Sha512, line.substr(0, end));
}

// "SHA256 (name) = hex"; a name may have brackets of its own
std::optional<Checksum> bsd_line(std::string_view line, std::string_view name) {
    for (const DigestKind kind : {DigestKind::Sha256, DigestKind::Sha512}) {
        std::string_view rest = line;
        if (!take_prefix(rest, kind == DigestKind::Sha256 ? "SHA256" : "SHA512")) continue;
        rest = trimmed(rest);
        const auto end = rest.rfind(") = ");
        if (!rest.starts_with('(') || end == std::string_view::npos) return std::nullopt;
        if (!is_of(rest.substr(1, end - 1), name)) return std::nullopt;
        return checksum_of(kind, trimmed(rest.substr(end + 4)));
    }
    return std::nullopt;
}

nlohmann::ordered_json read_pins(const fs::path& file) {
    std::error_code ignored;
    if (!fs::exists(file, ignored)) return nlohmann::ordered_json::object();
    auto pins = nlohmann::ordered_json::parse(read_file(file), nullptr, false);
    bool good = pins.is_object();
    if (good)
        for (const auto& [url, digest] : pins.items())
            good = good && digest.is_string() && checksum_from_text(digest.get<std::string>());
    if (!good)
        throw InfraError(fmt::format("{} is damaged; remove it, and images are pinned anew", file.string()));
    return pins;
}

constexpr const char* armour = "-----BEGIN PGP PUBLIC KEY BLOCK-----";

// Base64 between the empty line that ends the armour's headers and its checksum or end.
std::string without_armour(const std::string& text, const fs::path& keyring) {
    std::istringstream lines(text.substr(text.find(armour)));
    std::string base64, line;
    while (std::getline(lines, line) && line.find_first_not_of(" \t\r") != std::string::npos) {
    }
    while (std::getline(lines, line) && line[0] != '=' && line[0] != '-')
        base64 += line.substr(0, line.find_last_not_of(" \t\r") + 1);
    std::string bytes(base64.size(), '\0');
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                     reinterpret_cast<const unsigned char*>(base64.data()),
                                     static_cast<int>(base64.size()));
    if (size < 0) throw InfraError(fmt::format("{} is no keyring: its armour is damaged", keyring.string()));
    const auto padding = base64.size() - (base64.find_last_not_of('=') + 1);
    bytes.resize(static_cast<std::size_t>(size) - padding);
    return bytes;
}

// gpgv reads no armour.
void write_plain_keyring(const fs::path& keyring, const fs::path& plain) {
    std::error_code ignored;
    if (!fs::is_regular_file(keyring, ignored))
        throw InfraError(
            fmt::format("there is no keyring {}: install the package it comes with, or name "
                        "another one in the image's definition",
                        keyring.string()));
    const std::string keys = read_file(keyring);
    write_file(plain, keys.find(armour) == std::string::npos ? keys : without_armour(keys, keyring));
}

// What gpgv says for programs: keyword → the rest of the line.
std::map<std::string, std::string> statuses(const std::string& said) {
    std::map<std::string, std::string> found;
    std::istringstream lines(said);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string mark, keyword, rest;
        if (!(words >> mark >> keyword) || mark != "[GNUPG:]") continue;
        std::getline(words >> std::ws, rest);
        found[keyword] = rest;
    }
    return found;
}

// Why a signature is not good, as the rest of a sentence; empty where it is. A file with two of them, by an
// old and a new key, is good where one is known and none is wrong.
std::string complaint(const std::map<std::string, std::string>& said) {
    const auto by = [&](const char* keyword) {
        const std::string& rest = said.at(keyword);
        return rest.substr(0, rest.find(' '));
    };
    if (said.contains("BADSIG")) return "is not the one that key " + by("BADSIG") + " has signed";
    if (said.contains("GOODSIG") && said.contains("VALIDSIG")) return "";
    if (said.contains("EXPKEYSIG")) return "is signed by key " + by("EXPKEYSIG") + ", which has expired";
    if (said.contains("REVKEYSIG")) return "is signed by key " + by("REVKEYSIG") + ", which was revoked";
    if (said.contains("EXPSIG")) return "has a signature that has expired";
    if (said.contains("NO_PUBKEY"))
        return "is signed by key " + by("NO_PUBKEY") + ", which the keyring has not";
    if (said.contains("ERRSIG")) return "has a signature that gpgv cannot check";
    return "is not signed";
}

}  // namespace

std::string Checksum::text() const {
    return to_string(kind) + ":" + hex;
}

std::optional<Checksum> checksum_from_text(std::string_view text) {
    if (take_prefix(text, "sha256:")) return checksum_of(DigestKind::Sha256, text);
    if (take_prefix(text, "sha512:")) return checksum_of(DigestKind::Sha512, text);
    return std::nullopt;
}

std::optional<Checksum> find_checksum(std::string_view text, std::string_view name) {
    std::optional<Checksum> found;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        const std::string_view line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        auto here = bsd_line(line, name);
        if (!here) here = coreutils_line(line, name);
        if (!here) continue;
        if (found && found->kind == here->kind && found->hex != here->hex)
            throw InfraError(fmt::format("it says of {} both {} and {}", name, found->text(), here->text()));
        if (!found || here->kind == DigestKind::Sha512) found = here;
    }
    return found;
}

Pins::Pins(fs::path file) : file_(std::move(file)) {}

std::optional<Checksum> Pins::find(const std::string& url) const {
    const auto pins = read_pins(file_);
    return pins.contains(url) ? checksum_from_text(pins[url].get<std::string>()) : std::nullopt;
}

void Pins::set(const std::string& url, const Checksum& checksum) const {
    make_folder(file_.parent_path());
    const FileLock lock(file_.parent_path() / ".pins.lock");
    auto pins = read_pins(file_);
    pins[url] = checksum.text();
    write_file_durably(file_, pins.dump(1) + "\n");
}

std::string verified_text(const SignedText& given, const fs::path& keyring) {
    need_program("gpgv");
    const TempDir work(fs::temp_directory_path(), "clamproof-signature-");
    const fs::path text = work.path() / "text", signature = work.path() / "signature";
    const fs::path inside = work.path() / "inside", plain = work.path() / "keyring";
    write_plain_keyring(keyring, plain);
    write_file(text, given.text);
    std::vector<std::string> argv = {
        "gpgv", "--homedir", work.path().string(), "--keyring", plain.string(), "--status-fd", "1"};
    if (given.signature) {
        write_file(signature, *given.signature);
        argv.insert(argv.end(), {signature.string(), text.string()});
    } else {
        argv.insert(argv.end(), {"--output", inside.string(), text.string()});
    }
    const ProcessResult result = run_process({.argv = argv});
    std::string wrong = complaint(statuses(result.out));
    if (wrong.empty() && !result.ok()) wrong = "cannot be checked: gpgv " + result.how_it_ended();
    if (!wrong.empty())
        throw InfraError(fmt::format("{} {} (keyring {})", given.where, wrong, keyring.string()));
    return given.signature ? given.text : read_file(inside);
}

}  // namespace clamproof
