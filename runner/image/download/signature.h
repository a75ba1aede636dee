/// Signatures of publishers, checked by gpgv.
#pragma once

#include <optional>
#include <string>

#include "support/files.h"

namespace clamproof {

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
