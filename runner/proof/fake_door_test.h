/// A case about a door, and the fake guest it is about; to look into its result.
#pragma once

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "casefile/facts.h"
#include "proof/fake_guest_test.h"
#include "results/results.h"
#include "support/files.h"

namespace clamproof {

inline constexpr const char* door_json = R"json({
    "title": "A door", "story": "It sticks.", "source": "The door (2026)",
    "trigger": "trigger.sh", "took": "took.sh", "probe": "probe.sh", "restart": "restart.sh",
    "symptom": { "output": "it sticks" },
    "fixes": [
        { "id": "oil", "documented": "oil it", "apply": "oil.sh", "undo": "wipe.sh",
          "changes": ["file /oil*"], "survives": "reboot" },
        { "id": "kick", "documented": "kick it", "apply": "kick.sh", "survives": "nothing" }
    ],
    "expect": [ { "verdict": "fixed" } ]
})json";

// What is told of a house with a door.
inline const std::vector<Fact> door_facts = {{.name = "lsm"}, {.name = "init"}};

// A door that sticks once it is swollen, unless it is oiled; a kick helps until the next restart.
inline FakeScripts honest_world() {
    return {
        {"trigger", [](FakeState& door) { return door.insert("swollen"), fake_result(0); }},
        {"took", [](FakeState& door) { return fake_result(door.contains("swollen") ? 0 : 1); }},
        {"probe",
         [](FakeState& door) {
             const bool opens =
                 !door.contains("swollen") || door.contains("oiled") || door.contains("in memory: kicked");
             return opens ? fake_result(0, "it opens\n") : fake_result(1, "it sticks\n");
         }},
        {"restart", [](FakeState& door) { return door.erase("in memory: kicked"), fake_result(0); }},
        {"oil", [](FakeState& door) { return door.insert("oiled"), fake_result(0); }},
        {"wipe", [](FakeState& door) { return door.erase("oiled"), fake_result(0); }},
        {"kick", [](FakeState& door) { return door.insert("in memory: kicked"), fake_result(0); }},
    };
}

/// The case's folder, its scripts' names their only words.
inline void write_door(const std::filesystem::path& folder) {
    make_folder(folder);
    write_file(folder / "case.json", door_json);
    for (const char* name : {"trigger", "took", "probe", "restart", "oil", "wipe", "kick"})
        write_file(folder / (std::string(name) + ".sh"), std::string(name) + "\n");
}

inline const Arm& arm(const CellResult& result, std::string_view name) {
    const auto found = std::find_if(result.arms.begin(), result.arms.end(),
                                    [&](const Arm& one) { return one.id.text() == name; });
    if (found == result.arms.end()) throw std::runtime_error("no arm " + std::string(name));
    return *found;
}

inline const Step& step(const Arm& arm, std::string_view what) {
    const auto found =
        std::find_if(arm.steps.begin(), arm.steps.end(), [&](const Step& one) { return one.what == what; });
    if (found == arm.steps.end()) throw std::runtime_error("no step " + std::string(what));
    return *found;
}

}  // namespace clamproof
