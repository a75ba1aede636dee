#include "proof/notes.h"

#include <algorithm>
#include <map>
#include <optional>

#include "support/text.h"

namespace clamproof {
namespace {

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// How a case scans is its own business: any word will do.
bool is_method(std::string_view word) {
    constexpr std::string_view characters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    return !word.empty() && word.find_first_not_of(characters) == std::string_view::npos;
}

/// Reads the fields of a scan, in any order but for the file, which comes last and may hold blanks.
std::optional<Scan> read_scan(std::string_view text) {
    std::map<std::string_view, std::string_view> fields;
    std::string_view file;
    while (!text.empty()) {
        if (take_prefix(text, "file=")) {
            file = text;
            break;
        }
        const std::string_view field = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(field.size() + 1, text.size()));
        const std::size_t equals = field.find('=');
        if (equals == std::string_view::npos) return std::nullopt;
        if (!fields.emplace(field.substr(0, equals), field.substr(equals + 1)).second) return std::nullopt;
    }
    const bool whole = fields.size() == 3 && !file.empty() && is_method(fields["method"]) &&
                       is_one_of(fields["infected"], {"yes", "no"}) &&
                       is_one_of(fields["outcome"], {"found", "clean", "error"});
    if (!whole) return std::nullopt;
    return Scan{std::string(fields["method"]), std::string(file), fields["infected"] == "yes",
                std::string(fields["outcome"])};
}

/// Notes a marker line; false where it is none.
bool note(std::string_view line, Notes& notes) {
    if (take_prefix(line, "::scan ")) {
        auto scan = read_scan(line);
        if (scan) notes.scans.push_back(std::move(*scan));
        return scan.has_value();
    }
    const bool because = take_prefix(line, "::because ");
    if (!because && !take_prefix(line, "::side-effect ")) return false;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) return false;
    (because ? notes.because : notes.side_effects).emplace_back(line);
    return true;
}

}  // namespace

Notes read_notes(std::string_view out) {
    Notes notes;
    while (!out.empty()) {
        const std::size_t end = std::min(out.find('\n'), out.size());
        const std::string_view line = out.substr(0, end);
        const std::string_view whole = out.substr(0, std::min(end + 1, out.size()));
        if (!note(line, notes)) notes.visible += whole;
        out.remove_prefix(whole.size());
    }
    return notes;
}

}  // namespace clamproof
