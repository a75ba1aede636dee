#include "proof/cell.h"

#include "support/files.h"

namespace clamproof {
namespace {

std::string body_of(const Cell& cell, const std::string& script) {
    return cell.library + "\n" + read_file(cell.subject.folder / script);
}

// What a text names of the variant.
Variant named_in(const std::string& text, const Variant& variant) {
    Variant named;
    for (const auto& [dimension, value] : variant)
        if (text.find(variable_name("VARIANT", dimension)) != std::string::npos) named[dimension] = value;
    return named;
}

std::string sent_as(const Cell& cell, const std::string& body) {
    return clamd_exports(cell.image) + exports("FACT", cell.facts) +
           exports("VARIANT", named_in(body, cell.variant)) + "set -eu\n" + body;
}

}  // namespace

std::string script_text(const Cell& cell, const std::string& script) {
    return sent_as(cell, body_of(cell, script));
}

std::string text_of(const Cell& cell, const std::string& script) {
    return sent_as(cell, cell.library + "\n" + script);
}

bool same_for_every_variant(const Cell& cell, const std::string& script) {
    return named_in(body_of(cell, script), cell.variant).empty();
}

}  // namespace clamproof
