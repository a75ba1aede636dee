/// Digests as publishers list them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "support/digest.h"

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

}  // namespace clamproof
