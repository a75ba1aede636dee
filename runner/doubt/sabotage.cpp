#include "doubt/sabotage.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "results/results.h"
#include "support/error.h"
#include "support/files.h"
#include "support/process.h"

namespace clamproof {
namespace {

using Document = nlohmann::ordered_json;

// What a sabotaged fix leaves for the inventory to see, and the probe not to.
constexpr const char* stray_file = "/etc/clamproof-stray";
// Written by a fix that is not to outlive a reboot: the second is gone after one.
constexpr const char* applied_ever = "/var/lib/clamproof/sabotage-applied";
constexpr const char* applied_since_boot = "/run/clamproof-sabotage-applied";

class Saboteur {
  public:
    Saboteur(const Case& subject, const Facts& facts, const Variant& variant, const fs::path& folder)
        : subject_(subject),
          folder_(folder),
          document_(Document::parse(read_file(subject.folder / "case.json"), nullptr, true, true)) {
        for (const Fix* fix : fixes_for(subject, facts, variant)) fixes_.push_back(fix);
        for (std::size_t i = 0; i < subject.evidence.size(); ++i)
            if (subject.evidence[i].when.holds(facts, variant)) evidence_.push_back(i);
    }

    std::vector<Sabotage> all(ExpectedAs expected) {
        break_what_any_cell_shows();
        if (expected == ExpectedAs::Fixed) break_what_a_failure_shows();
        return std::move(made_);
    }

  private:
    void break_what_any_cell_shows() {
        begin("no-fault", "the trigger does nothing", Verdict::NotTriggered);
        without_marked(subject_.trigger, "# the fault");
        end();
        begin("took-blind", "took says yes whatever is in place", Verdict::Unhealthy);
        script(subject_.took, "exit 0\n");
        end();
        begin("took-never", "took never finds the fault", Verdict::NotTriggered);
        script(subject_.took, "exit 1\n");
        end();
        begin("probe-fails", "the probe always fails", Verdict::Unhealthy);
        script(subject_.probe, "exit 1\n");
        end();
    }

    void break_what_a_failure_shows() {
        begin("probe-passes", "the probe always passes", Verdict::Immune);
        made_.back().verdicts.push_back(Verdict::DifferentFailure);  // where denials are seen all the same
        script(subject_.probe, "exit 0\n");
        end();
        begin("symptom", "the symptom is not what the probe says", Verdict::DifferentFailure);
        document()["symptom"]["output"] = "words that nothing says";
        end();
        for (const std::size_t i : evidence_) break_evidence(i);
        if (subject_.restart) break_restart();
        for (const Fix* fix : fixes_) break_fix(*fix);
    }

    void break_evidence(std::size_t i) {
        begin(fmt::format("evidence-{}", i + 1), "evidence that is not there: " + subject_.evidence[i].text(),
              Verdict::DifferentFailure);
        Document& evidence = document()["evidence"][i];
        if (subject_.evidence[i].kind == Evidence::Kind::Shows) {
            evidence["shows"]["output"] = "words that nothing says";
        } else {
            if (evidence.contains("no_denial")) evidence["denial"] = evidence["no_denial"];
            evidence.erase("no_denial");
            evidence["denial"]["comm"] = "nobody";
        }
        end();
    }

    void break_restart() {
        begin("no-restart", "the restart does nothing", Verdict::InfraError);
        made_.back().verdicts.push_back(Verdict::FixFailed);  // where the fault leaves no clamd running
        keep_only(*fixes_.front());
        spare_reboot();
        script(*subject_.restart, ":\n");
        end();
        const auto lasting = std::find_if(fixes_.begin(), fixes_.end(),
                                          [](const Fix* fix) { return fix->survives != Survives::Nothing; });
        const Fix& fix = lasting == fixes_.end() ? *fixes_.front() : **lasting;
        begin("restart-heals", "the restart applies a fix on the way", Verdict::SelfHealed);
        keep_only(fix);
        spare_reboot();
        script(*subject_.restart, in_itself(fix.apply) + text_of(*subject_.restart));
        end();
    }

    void break_fix(const Fix& fix) {
        begin_fix("no-cure", fix, "does nothing", Verdict::FixFailed);
        without_marked(fix.apply, "# the cure");
        end();
        begin_fix("stray", fix, "changes something else as well", Verdict::FixFailed);
        script(fix.apply, fmt::format("echo stray >{}\n", stray_file) + text_of(fix.apply));
        end();
        if (fix.survives == Survives::Nothing) return;
        begin_fix("no-undo", fix, "cannot be undone", Verdict::FixFailed);
        script(fix.undo, ":\n");
        end();
        begin_fix("once", fix, "cannot be applied twice", Verdict::FixFailed);
        script(fix.apply, fmt::format("mkdir {}\n", applied_since_boot) + text_of(fix.apply));
        end();
        if (fix.survives != Survives::Reboot || !subject_.restart) return;
        begin("until-reboot-" + fix.id, fmt::format("the fix {} is gone after a reboot", fix.id),
              Verdict::FixFailed);
        keep_only(fix);
        script(fix.apply, text_of(fix.apply) + fmt::format("\nmkdir -p {0}\ntouch {0} {1}\n", applied_ever,
                                                           applied_since_boot));
        script(*subject_.restart, fmt::format("if [ -e {0} ] && [ ! -e {1} ]; then\nrmdir {0}\n{2}fi\n",
                                              applied_ever, applied_since_boot, in_itself(fix.undo)) +
                                      text_of(*subject_.restart));
        end();
    }

    // --- A broken copy

    void begin(const std::string& id, const std::string& what, Verdict verdict) {
        made_.push_back({.id = subject_.id + "." + id, .what = what, .verdicts = {verdict}});
        changed_ = document_;
        const fs::path copy = folder_ / made_.back().id;
        remove_tree(copy);
        fs::copy(subject_.folder, copy, fs::copy_options::recursive);
    }

    void begin_fix(const std::string& id, const Fix& fix, const std::string& what, Verdict verdict) {
        begin(id + "-" + fix.id, fmt::format("the fix {} {}", fix.id, what), verdict);
        keep_only(fix);
        spare_reboot();
    }

    void keep_only(const Fix& fix) {
        Document& fixes = document()["fixes"];
        for (std::size_t i = fixes.size(); i-- > 0;)
            if (fixes[i]["id"] != fix.id) fixes.erase(i);
        if (!document().contains("unconfined")) return;
        Document& arms = document()["unconfined"];
        for (std::size_t i = arms.size(); i-- > 0;) {
            const auto arm = ArmId::from(arms[i].get<std::string>());
            if (arm && arm->is_fix() && arm->fix_id() != fix.id) arms.erase(i);
        }
    }

    // Of all sabotages one alone is shown by a reboot, which takes an emulated guest most of its time.
    void spare_reboot() {
        for (Document& fix : document()["fixes"])
            if (fix["survives"] == std::string(to_string(Survives::Reboot)))
                fix["survives"] = std::string(to_string(Survives::Restart));
    }

    Document& document() { return changed_; }
    void end() { write_file(folder_ / made_.back().id / "case.json", changed_.dump(4) + "\n"); }

    std::string text_of(const std::string& name) const { return read_file(subject_.folder / name); }
    void script(const std::string& name, const std::string& text) {
        write_file(folder_ / made_.back().id / name, text);
    }

    // A script as part of another: what it sets and where it ends is its own.
    std::string in_itself(const std::string& name) const { return "(\n" + text_of(name) + "\n)\n"; }

    void without_marked(const std::string& name, std::string_view mark) {
        std::istringstream lines(text_of(name));
        std::string text;
        bool marked = false;
        for (std::string line; std::getline(lines, line);) {
            const bool here = line.ends_with(mark);
            marked = marked || here;
            text += here ? ":\n" : line + "\n";
        }
        if (!marked)
            throw InputError(
                fmt::format("{}: no line ends in \"{}\", so what does the work cannot be taken out of it",
                            (subject_.folder / name).string(), mark));
        script(name, text);
        assert_parses(name, mark);
    }

    // A shell that gives up at once shows nothing of the case.
    void assert_parses(const std::string& name, std::string_view mark) const {
        const fs::path file = folder_ / made_.back().id / name;
        if (run_process({.argv = {"sh", "-n", file.string()}}).ok()) return;
        throw InputError(
            fmt::format("{}: without the lines that end in \"{}\" it is no shell script: mark commands that "
                        "have a line of their own, not a branch of a case or the head of a loop",
                        (subject_.folder / name).string(), mark));
    }

    const Case& subject_;
    fs::path folder_;
    const Document document_;
    Document changed_;
    std::vector<const Fix*> fixes_;
    std::vector<std::size_t> evidence_;  // numbers of those that hold for the cell
    std::vector<Sabotage> made_;
};

}  // namespace

std::vector<Sabotage> write_sabotages(const Case& subject, const Facts& facts, const Variant& variant,
                                      ExpectedAs expected, const fs::path& folder) {
    return Saboteur(subject, facts, variant, folder).all(expected);
}

bool noticed(const Sabotage& sabotage, const CellResult& cell) {
    const auto& verdicts = sabotage.verdicts;
    // A guest that did not even come up shows nothing.
    if (cell.arms.empty()) return false;
    return std::find(verdicts.begin(), verdicts.end(), cell.verdict) != verdicts.end();
}

}  // namespace clamproof
