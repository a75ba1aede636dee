#include "engine/cell.h"

#include <fmt/format.h>

#include <algorithm>

#include "support/files.h"

namespace clamproof {
namespace {

// "VARIANT_METHOD": how a script reads a dimension of the matrix.
std::string variable_of(const std::string& dimension) {
    const std::string text = exports("VARIANT", {{dimension, ""}});
    const auto begin = text.find("VARIANT_");
    return text.substr(begin, text.find('=') - begin);
}

}  // namespace

std::string script_text(const Cell& cell, const std::string& script) {
    const std::string text = cell.library + "\n" + read_file(cell.subject.folder / script);
    Variant named;
    for (const auto& [dimension, value] : cell.variant)
        if (text.find(variable_of(dimension)) != std::string::npos) named[dimension] = value;
    return clamd_exports(cell.image) + exports("FACT", cell.facts) + exports("VARIANT", named) + "set -eu\n" +
           text;
}

bool same_for_every_variant(const Cell& cell, const std::string& script) {
    const std::string text = cell.library + "\n" + read_file(cell.subject.folder / script);
    return std::none_of(cell.variant.begin(), cell.variant.end(), [&](const auto& value) {
        return text.find(variable_of(value.first)) != std::string::npos;
    });
}

std::string again_command(const Cell& cell) {
    std::string command = fmt::format("clamproof run --image {} --case {}", cell.image.name, cell.subject.id);
    for (const auto& [name, value] : cell.variant) command += fmt::format(" --variant {}={}", name, value);
    return command;
}

}  // namespace clamproof
