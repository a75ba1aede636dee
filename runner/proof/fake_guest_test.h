/// A guest without a machine: its whole state is a set of words, its scripts are words that change it.
#pragma once

#include <fmt/format.h>

#include <algorithm>
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

/// Writes a line into the guest's audit log.
inline void audit(FakeState& guest, const std::string& line) {
    const auto lines =
        std::count_if(guest.begin(), guest.end(), [](const auto& word) { return word.starts_with("log "); });
    guest.insert(fmt::format("log {:06} {}", lines, line));
}

/// As SELinux would refuse clamd a port.
inline void deny_port(FakeState& guest, int port) {
    audit(guest,
          fmt::format(
              "type=AVC msg=audit(1700000001.500:7): avc:  denied  {{ name_bind }} for  pid=1 comm=\"clamd\" "
              "src={} scontext=u:r:clamd_t:s0 tcontext=u:r:unreserved_port_t:s0 tclass=tcp_socket "
              "permissive=0",
              port));
}

/// The guest's end of an audit window. The words "auditd PID", "lost N" and "auditing is not told of" change
/// what it tells of auditing.
inline ScriptResult answer_audit_window(FakeState& guest, const std::string& script) {
    const auto after = [&](std::string_view prefix, std::string fallback) {
        for (const auto& word : guest)
            if (word.starts_with(prefix)) fallback = word.substr(prefix.size());
        return fallback;
    };
    const char* boot = guest.contains("rebooted") ? "boot-2" : "boot-1";
    const std::string state =
        guest.contains("auditing is not told of")
            ? fmt::format("{}\n", boot)
            : fmt::format("{} {} {}\n", after("auditd ", "412"), after("lost ", "0"), boot);
    const auto set = script.find("set -- ");
    if (set == std::string::npos) {
        audit(guest, script.substr(script.rfind("mark ") + 5));
        return {.exit = 0, .out = state, .err = ""};
    }
    const std::string begin = script.substr(set + 7, script.find(' ', set + 7) - set - 7);
    std::string out = state;
    bool within = false;
    for (const auto& word : guest) {
        if (!word.starts_with("log ")) continue;
        if (within) out += word.substr(11) + "\n";
        within = within || word.ends_with(begin);
    }
    return within ? ScriptResult{.exit = 0, .out = out, .err = ""}
                  : ScriptResult{.exit = 4, .out = "", .err = "the mark is gone"};
}

class FakeGuest : public Guest {
  public:
    FakeGuest(FakeState state, const FakeScripts& scripts, bool can_save)
        : state_(std::move(state)), scripts_(scripts), can_save_(can_save) {}

    ScriptResult run(const Script& script) override {
        if (script.text.find("auditctl -m") != std::string::npos)
            return answer_audit_window(state_, script.text);
        if (script.text.starts_with("free=$(df"))
            return fake_result(0, state_.contains("disk is full") ? "disk is full\n" : "");
        const auto end = script.text.find_last_not_of('\n');
        const auto begin = script.text.find_last_of('\n', end);
        const std::string name = script.text.substr(begin + 1, end - begin);
        const auto found = scripts_.find(name);
        return found == scripts_.end() ? fake_result(0) : found->second(state_);
    }

    void reboot() override {
        std::erase_if(state_, [](const std::string& word) { return word.starts_with("in memory"); });
        state_.insert("rebooted");
        if (const auto boot = scripts_.find("boot"); boot != scripts_.end()) boot->second(state_);
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

class FakeGuests : public GuestHost {
  public:
    explicit FakeGuests(FakeScripts scripts) : scripts_(std::move(scripts)) {}

    std::unique_ptr<Guest> open() override {
        return fork({.memory = "", .disk = "", .keeps = std::make_shared<FakeState>()});
    }
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
