#include "guest/slowness.h"

namespace clamproof {
namespace {

// A hundred processes, started and ended: what scripts do most.
constexpr const char* work = "i=0; while [ $i -lt 100 ]; do /bin/true; i=$((i + 1)); done";
constexpr double work_seconds = 0.11;  // on a host with KVM, or in a container
constexpr double work_deadline = 10;

}  // namespace

double slowness(Guest& guest) {
    const ScriptResult result = guest.run({.text = work, .deadline = work_deadline});
    return result.seconds / (work_seconds * guest.scale());
}

}  // namespace clamproof
