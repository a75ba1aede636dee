// libFuzzer's end of the targets: CLAMPROOF_FUZZ names the one to run.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "fuzzing/targets.h"

namespace {

const clamproof::fuzzing::Target& chosen_target() {
    const char* wanted = std::getenv("CLAMPROOF_FUZZ");
    for (const auto& target : clamproof::fuzzing::targets())
        if (wanted && target.name == wanted) return target;
    std::fprintf(stderr, "CLAMPROOF_FUZZ has to name a target:");
    for (const auto& target : clamproof::fuzzing::targets())
        std::fprintf(stderr, " %.*s", static_cast<int>(target.name.size()), target.name.data());
    std::fprintf(stderr, "\n");
    std::exit(2);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto& target = chosen_target();
    clamproof::fuzzing::run(target, {reinterpret_cast<const char*>(data), size});
    return 0;
}
