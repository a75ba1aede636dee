/// A folder of made-up cases for tests.
#pragma once

#include <string>
#include <string_view>

#include "casefile/facts.h"
#include "support/files.h"

namespace clamproof {

/// The least a case.json can say.
inline constexpr std::string_view minimal_case = R"({
    "title": "t", "story": "s", "source": "o",
    "trigger": "trigger.sh", "took": "took.sh", "probe": "probe.sh", "restart": "restart.sh",
    "symptom": { "output": "ERROR" },
    "fixes": [ { "id": "cure", "documented": "d", "apply": "fix.sh", "undo": "undo.sh", "survives": "reboot" } ],
    "expect": [ { "verdict": "fixed" } ]
})";

/// The text with its first `what` replaced; the text must hold it, or the test would test nothing.
inline std::string with(std::string_view text, std::string_view what, std::string_view replacement) {
    std::string changed(text);
    return changed.replace(changed.find(what), what.size(), replacement);
}

/// What guests of the shipped images tell.
inline const std::vector<Fact>& shipped_facts() {
    static const std::vector<Fact> facts = load_facts(fs::path(CLAMPROOF_SOURCE_DIR "/images"));
    return facts;
}

class CaseTestFolder {
  public:
    const fs::path& path() const { return folder_.path(); }

    /// Makes a case with a script of every usual name.
    fs::path add(const std::string& id, std::string_view json = minimal_case) const {
        const fs::path folder = path() / id;
        make_folder(folder);
        for (const char* script :
             {"trigger.sh", "took.sh", "probe.sh", "restart.sh", "fix.sh", "undo.sh", "evidence.sh"})
            write_file(folder / script, "true\n");
        write_file(folder / "case.json", json);
        return folder;
    }

  private:
    TempDir folder_{fs::temp_directory_path(), "clamproof-test-"};
};

}  // namespace clamproof
