#include "image/download/checksum.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "support/error.h"
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

}  // namespace clamproof
