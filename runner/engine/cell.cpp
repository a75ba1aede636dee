#include "engine/cell.h"

#include <fmt/format.h>

#include "support/files.h"

namespace clamproof {
std::string script_text(const Cell& cell, const std::string& script) {
    return clamd_exports(cell.image) + exports("FACT", cell.facts) + exports("VARIANT", cell.variant) +
           "set -eu\n" + cell.library + "\n" + read_file(cell.subject.folder / script);
}

std::string again_command(const Cell& cell) {
    std::string command = fmt::format("clamproof run --image {} --case {}", cell.image.name, cell.subject.id);
    for (const auto& [name, value] : cell.variant) command += fmt::format(" --variant {}={}", name, value);
    return command;
}

}  // namespace clamproof
