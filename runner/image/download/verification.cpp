#include "image/download/verification.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "support/error.h"
#include "support/file_lock.h"
#include "support/process.h"

namespace clamproof {
namespace {

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

// VALIDSIG ends with the fingerprint of the key that the signing one belongs to.
std::string complaint_of_key(const std::map<std::string, std::string>& said,
                             const std::vector<std::string>& fingerprints) {
    const std::string& rest = said.at("VALIDSIG");
    const std::string fingerprint = rest.substr(rest.rfind(' ') + 1);
    if (fingerprints.empty() ||
        std::find(fingerprints.begin(), fingerprints.end(), fingerprint) != fingerprints.end())
        return "";
    return fmt::format("is signed by the key {}, whose fingerprint the image's definition does not name",
                       fingerprint);
}

}  // namespace

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

std::string verified_text(const SignedText& given, const fs::path& keyring,
                          const std::vector<std::string>& fingerprints) {
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
    const auto said = statuses(result.out);
    std::string wrong = complaint(said);
    if (wrong.empty()) wrong = complaint_of_key(said, fingerprints);
    if (wrong.empty() && !result.ok()) wrong = "cannot be checked: gpgv " + result.how_it_ended();
    if (!wrong.empty())
        throw InfraError(fmt::format("{} {} (keyring {})", given.where, wrong, keyring.string()));
    return given.signature ? given.text : read_file(inside);
}

}  // namespace clamproof
