#include "image/settle.h"

#include <fmt/format.h>

#include "image/confinement.h"
#include "support/error.h"

namespace clamproof {
namespace {

constexpr double settle_deadline = 60;

std::string checked(Guest& guest, const ImageDefinition& image, const std::string& doing,
                    const Script& script) {
    const ScriptResult result = guest.run(script);
    if (result.exit == 0) return result.out;
    throw InfraError(fmt::format("{}: {} {} with {}:\n{}{}", image.name, doing,
                                 result.timed_out ? "ran out of time and ended" : "ended", result.exit,
                                 result.out, result.err));
}

}  // namespace

void await_settled(Guest& guest, const ImageDefinition& image) {
    checked(guest, image, "booting", {.text = "exec /usr/lib/clamproof/booted", .deadline = settle_deadline});
    checked(guest, image, "settling",
            {.text = clamd_exports(image) + read_file(image.folder / "setup" / image.settle),
             .deadline = settle_deadline});
    assert_guarded(guest, image, Guarded::EnforcingAndConfined);
}

std::string settle(Guest& guest, const ImageDefinition& image) {
    await_settled(guest, image);
    return checked(guest, image, "telling its facts",
                   {.text = clamd_exports(image) + "exec /usr/lib/clamproof/facts", .deadline = 30});
}

}  // namespace clamproof
