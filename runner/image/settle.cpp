#include "image/settle.h"

#include <fmt/format.h>

#include <sstream>

#include "image/store.h"
#include "support/error.h"

namespace clamproof {
namespace {

constexpr double settle_deadline = 60;
// What /usr/lib/clamproof/booted ends with where a unit has failed, and the image's settle script where it is
// clamd that does not work.
constexpr int a_unit_failed = 1;
constexpr int clamd_fails = 4;
constexpr int nothing_is_a_finding = -1;

std::string checked(Guest& guest, const ImageDefinition& image, const std::string& doing,
                    const Script& script, int finding) {
    const ScriptResult result = guest.run(script);
    if (result.exit == 0) return result.out;
    const std::string words = fmt::format("{}: {} {} with {}:\n{}{}", image.name, doing,
                                          result.timed_out ? "ran out of time and ended" : "ended",
                                          result.exit, result.out, result.err);
    if (result.timed_out || result.exit != finding) throw InfraError(words);
    throw UnwellGuest(words);
}

}  // namespace

void await_settled(Guest& guest, const ImageDefinition& image) {
    checked(guest, image, "booting", {.text = "exec /usr/lib/clamproof/booted", .deadline = settle_deadline},
            a_unit_failed);
    checked(guest, image, "settling",
            {.text = clamd_exports(image) + read_file(image.folder / "setup" / image.settle),
             .deadline = settle_deadline},
            clamd_fails);
    assert_guarded(guest, image, Guarded::EnforcingAndConfined);
}

std::string settle(Guest& guest, const ImageDefinition& image) {
    await_settled(guest, image);
    return checked(guest, image, "telling its facts",
                   {.text = clamd_exports(image) + "exec /usr/lib/clamproof/facts", .deadline = 30},
                   nothing_is_a_finding);
}

std::string settle_first(Guest& guest, const ImageDefinition& image, const std::string& doing) try {
    return settle(guest, image);
} catch (const InfraError&) {
    const fs::path evidence = failed_build_folder(image.name);
    guest.diagnose(evidence);
    rethrow_while(fmt::format("{} {} (its logs are in {})", doing, image.name, evidence.string()));
}

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
