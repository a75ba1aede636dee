/// A guest without a machine: its whole state is a set of words, its scripts are words that change it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "guest/guest.h"

namespace clamproof {

using FakeState = std::set<std::string>;

/// What a script does: the last line of a case's script is its name here. It may throw GuestLost.
using FakeScripts = std::map<std::string, std::function<ScriptResult(FakeState&)>>;

inline ScriptResult fake_result(int exit, std::string out = "") {
    return {.exit = exit, .out = std::move(out), .err = "", .seconds = 1};
}

class FakeGuest : public Guest {
  public:
    FakeGuest(FakeState state, const FakeScripts& scripts, bool can_save)
        : state_(std::move(state)), scripts_(scripts), can_save_(can_save) {}

    ScriptResult run(const Script& script) override {
        const auto end = script.text.find_last_not_of('\n');
        const auto begin = script.text.find_last_of('\n', end);
        const std::string name = script.text.substr(begin + 1, end - begin);
        const auto found = scripts_.find(name);
        return found == scripts_.end() ? fake_result(0) : found->second(state_);
    }

    void reboot() override {
        std::erase_if(state_, [](const std::string& word) { return word.starts_with("in memory"); });
        state_.insert("rebooted");
    }

    State save() override {
        if (!can_save_) throw InfraError("no space left");
        return {.memory = "", .disk = "", .keeps = std::make_shared<FakeState>(state_)};
    }

    std::vector<std::filesystem::path> diagnose(const std::filesystem::path& folder) noexcept override {
        return {folder / "console.log"};
    }

  private:
    FakeState state_;
    const FakeScripts& scripts_;
    bool can_save_;
};

class FakeGuests : public GuestSource {
  public:
    explicit FakeGuests(FakeScripts scripts) : scripts_(std::move(scripts)) {}

    State pristine() override { return {.memory = "", .disk = "", .keeps = std::make_shared<FakeState>()}; }
    std::unique_ptr<Guest> fork(const State& state) override {
        ++forks;
        return std::make_unique<FakeGuest>(*static_cast<FakeState*>(state.keeps.get()), scripts_, can_save);
    }

    int forks = 0;
    bool can_save = true;

  private:
    FakeScripts scripts_;
};

}  // namespace clamproof
