/// What a run amounts to, in the words and numbers that every report shares.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/layout.h"
#include "results/results.h"

namespace clamproof {

struct Counts {
    std::size_t passed = 0;
    std::size_t known = 0;
    std::size_t mismatches = 0;
    std::size_t flaky = 0;  ///< runs of the cell disagree
    std::size_t infra_errors = 0;
    std::size_t skipped = 0;
    std::size_t silent_misses = 0;  ///< scans, not cells

    void add(const CellResult& cell);
    std::size_t failed() const { return mismatches + flaky + infra_errors; }
    std::size_t all() const { return passed + known + failed() + skipped; }
};

Counts count(const std::vector<CellResult>& cells);

/// "N passed, N failed, N skipped", and ", N known" where there are such: the last line of a run.
/// Infra-errors count as failed.
std::string closing_line(const Counts& counts);

/// A sentence: what the guests ran on, and why not on KVM where they did not.
std::string accelerator_sentence(const HostInfo& host);

/// As accelerator_sentence; before it, which packages were installed over the images, where some were.
std::string circumstances(const RunResults& run);

/// "image case variant", harmless to a terminal.
std::string cell_name(const CellResult& cell);

/// "fix-failed, expected fixed".
std::string verdict_and_expected(const CellResult& cell);

/// What is the matter with a cell: what the first arm that did not hold saw, or why the verdict is as it is.
/// Harmless to a terminal; may be empty.
std::string reason(const CellResult& cell);

/// One thing a cell's result says against what the case expects.
struct Finding {
    std::string arm;      ///< empty where every arm held, yet the verdict is not the expected one
    std::string claimed;  ///< what should be so
    std::string seen;     ///< what was seen instead
    std::string shell;    ///< the command that opens a shell in that state
    std::string kept{};   ///< the capsule of it, relative to the out folder; empty where none was kept
};

/// The arms that did not hold, or the bare difference of verdicts; empty for a cell that passed, was skipped
/// or is a known problem.
std::vector<Finding> findings(const CellResult& cell);

/// How an outcome is marked: a word, and a colour that is never the only sign.
struct Mark {
    std::string_view word;
    std::string_view colour;  ///< SGR code
    std::string_view symbol;  ///< where there is room for one character only
    int gravity = 0;          ///< from what nobody needs to look at to what somebody has to
};
const Mark& mark(Outcome outcome);

/// The mark's word in its colour, filled up to the width of the widest one.
std::string mark_text(Outcome outcome, Colour colour);

/// SGR code of the headline over silent misses.
inline constexpr std::string_view alarm_colour = "1;31";

/// Adds a name unless it is there already.
void add_once(std::vector<std::string>& names, const std::string& name);

/// All variants of a case on an image.
struct Field {
    Outcome outcome = Outcome::Skipped;  ///< the worst
    std::string words;                   ///< "fixed", "24 fixed", "1 of 24 fix-failed", "skipped"
    int silent_misses = 0;
    int alarming_misses = 0;  ///< those of them that the failure does not explain
};

struct ResultMatrix {
    std::vector<std::string> images, cases;                       ///< in the order of the results
    std::map<std::pair<std::string, std::string>, Field> fields;  ///< by case and image
};

ResultMatrix matrix_of(const std::vector<CellResult>& cells);

}  // namespace clamproof
