#include "guest/guest.h"

#include <fmt/format.h>

#include "support/text.h"

namespace clamproof {

void put(Guest& guest, const std::string& path, const std::string& content, int mode) {
    const std::string name = shell_quote(path);
    const ScriptResult result = guest.run(
        {.text = fmt::format("mkdir -p \"$(dirname {0})\" && cat >{0} && chmod {1:o} {0}", name, mode),
         .input = content});
    if (result.exit != 0) throw InfraError(fmt::format("cannot write {} in the guest: {}", path, result.err));
}

std::string get(Guest& guest, const std::string& path) {
    ScriptResult result = guest.run({.text = "cat " + shell_quote(path)});
    if (result.exit != 0) throw InfraError(fmt::format("cannot read {} in the guest: {}", path, result.err));
    return std::move(result.out);
}

}  // namespace clamproof
