#include "image/confinement.h"

#include <fmt/format.h>

#include <sstream>

namespace clamproof {

std::map<std::string, std::string> parse_pairs(const std::string& text) {
    std::map<std::string, std::string> pairs;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const auto equals = line.find('=');
        if (equals != std::string::npos && equals > 0)
            pairs[line.substr(0, equals)] = line.substr(equals + 1);
    }
    return pairs;
}

std::string pair_lines(const std::map<std::string, std::string>& pairs) {
    std::string lines;
    for (const auto& [name, value] : pairs) lines += name + "=" + value + "\n";
    return lines;
}

void assert_guarded(Guest& guest, const ImageDefinition& image, Guarded guarded) {
    if (image.lsm == "none") return;
    const ScriptResult result = guest.run({.text = "exec /usr/lib/clamproof/state", .deadline = 20});
    if (result.exit != 0)
        throw InfraError(fmt::format("{}: the guest cannot tell its state: {}", image.name, result.err));
    auto state = parse_pairs(result.out);
    if (state["lsm"] != image.lsm || state["enforcing"] != "yes")
        throw InfraError(fmt::format("{}: {} is not enforcing in the guest (its module is {}, enforcing: {})",
                                     image.name, image.lsm, state["lsm"], state["enforcing"]));
    const std::string wanted = image.clamd.at("confinement");
    if (guarded == Guarded::EnforcingAndConfined && state["clamd_pid"] != "none" &&
        state["confinement"] != wanted)
        throw InfraError(
            fmt::format("{}: clamd runs in {}, not in {}", image.name, state["confinement"], wanted));
}

}  // namespace clamproof
