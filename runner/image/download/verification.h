/// What tells that a download is what it should be: digests as publishers list them and as they were when an
/// image was first used, and signatures, checked by gpgv.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "support/digest.h"
#include "support/files.h"

namespace clamproof {

/// A digest that somebody vouches for.
struct Checksum {
    DigestKind kind = DigestKind::Sha256;
    std::string hex;  ///< in small letters

    /// "sha256:92c2…"
    std::string text() const;
    bool operator==(const Checksum&) const = default;
};

/// @returns nothing for what is not `Checksum::text`.
std::optional<Checksum> checksum_from_text(std::string_view text);

/// What a checksum file says of the file `name`: lines as coreutils writes them (`hex  name`, `hex *name`, of
/// SHA-256 or SHA-512 by the length) or BSD (`SHA256 (name) = hex`). Every other line is passed over:
/// comments, weaker digests, the armour of a clear-signed file. Names may have folders before them.
/// @returns the strongest, or nothing where there is none.
/// @throws InfraError where two lines contradict each other.
std::optional<Checksum> find_checksum(std::string_view text, std::string_view name);

/// Which digest each downloaded image had when it was first used: what lies behind an address may change, and
/// is then not used before somebody says so.
class Pins {
  public:
    explicit Pins(fs::path file = cache_folder() / "pins.json");

    /// @throws InfraError where the file cannot be read.
    std::optional<Checksum> find(const std::string& url) const;
    void set(const std::string& url, const Checksum& checksum) const;

  private:
    fs::path file_;
};

/// A text of which somebody says that it is signed.
struct SignedText {
    std::string text;
    std::string where;  ///< address of the text, for messages
    std::optional<std::string>
        signature{};  ///< detached, armoured or not; without it the text is clear-signed
};

/// @param keyring OpenPGP keys that may have signed it, armoured or not
/// @returns what is signed: of a clear-signed text nothing that stands before or after it
/// @throws InfraError that says what is wrong with the signature, or that the keyring is not there.
std::string verified_text(const SignedText& given, const fs::path& keyring);

}  // namespace clamproof
