#include "proof/shared_states.h"

#include <algorithm>

#include "support/clock.h"

namespace clamproof {
namespace {

constexpr std::size_t most_kept = 6;

}  // namespace

const SharedState* SharedStates::find(const std::string& key) {
    const auto found =
        std::find_if(kept_.begin(), kept_.end(), [&](const Kept& kept) { return kept.key == key; });
    if (found == kept_.end()) return nullptr;
    kept_.splice(kept_.begin(), kept_, found);
    return &found->state;
}

void SharedStates::keep(const std::string& key, SharedState state) {
    kept_.push_front({.key = key, .state = std::move(state)});
    if (kept_.size() > most_kept) kept_.pop_back();
}

const Reproduction* SharedStates::find_reproduction(const std::string& key) const {
    return key == reproduction_key_ ? &reproduction_ : nullptr;
}

void SharedStates::keep_reproduction(const std::string& key, Reproduction reproduction) {
    reproduction_key_ = key;
    reproduction_ = std::move(reproduction);
}

std::optional<State> SharedStates::save(Guest& guest) try {
    const Stopwatch watch;
    trouble_.clear();
    State state = guest.save();
    save_seconds_ = watch.seconds();
    return state;
} catch (const GuestLost&) {
    throw;
} catch (const InfraError& error) {
    trouble_ = error.what();
    return std::nullopt;
}

bool SharedStates::worth_saving(double seconds, int times) const {
    return times > 0 && save_seconds_ <= seconds * times;
}

}  // namespace clamproof
