/// What tells that a download is what it should be: digests as they were when an image was first used, and
/// signatures, checked by gpgv.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "image/download/checksum.h"
#include "support/files.h"

namespace clamproof {

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
/// @param fingerprints of those of its keys that may; empty: all
/// @returns what is signed: of a clear-signed text nothing that stands before or after it
/// @throws InfraError that says what is wrong with the signature, or that the keyring is not there.
std::string verified_text(const SignedText& given, const fs::path& keyring,
                          const std::vector<std::string>& fingerprints = {});

}  // namespace clamproof
