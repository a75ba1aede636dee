/// The reports of a run, each made of its results alone, and the folder they are put into.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "reports/layout.h"
#include "results/results.h"

namespace clamproof {

struct TableOptions {
    Colour colour = Colour::Never;
    std::string out = {};   ///< the out folder, to name the logs; empty where there is none
    std::string from = {};  ///< the absolute folder that `out` is found from
};

/// Plain text: one row a cell, what is not as expected first, then silent misses, then the rest by case;
/// skipped cells folded into one line a reason; a summary with what the guests ran on; silent misses that
/// belong to the failure, and those that it does not explain; what was claimed and seen of every unexpected
/// cell, with the commands that show it again; and `closing_line` as the last line.
std::string verdict_table(const RunResults& run, const TableOptions& options);

/// For somebody at a terminal, whatever the number of cells: what is not as expected, with all that is known
/// of it where that is one cell; counts; silent misses by case; where to look; and `closing_line`. At most 30
/// lines, one cell with many findings aside.
std::string verdict_summary(const RunResults& run, const TableOptions& options);

/// What GitHub takes of a step's summary is 1 MiB.
inline constexpr std::size_t markdown_limit = 1000 * 1000;

/// Silent misses that no failure explains as a headline; of each cell that is not as expected what was
/// claimed and seen and the command that runs it again; the other silent misses; the matrix of cases and
/// images; what was skipped, a line a reason. At most `limit` bytes: of cells that no longer fit, the number.
/// Nothing a guest prints is taken for Markdown or HTML.
std::string markdown(const RunResults& run, std::size_t limit = markdown_limit);

/// reports/report.html with the run in it as data: the page's own script shows it as text, and its content
/// security policy lets no other script run, so nothing a guest prints is ever markup. Of each output of a
/// step at most 4 KiB; equal texts are held once.
/// @param former an earlier run to compare verdicts with
std::string html(const RunResults& run, const std::optional<RunResults>& former = std::nullopt);

/// One testsuite an image, one testcase a cell. A verdict other than the expected one is a failure, an
/// infra-error an error, a skipped cell is skipped with its reason, and so is a known problem, for which
/// JUnit has no word. Facts and the accelerator are properties of the suite; silent misses are the
/// output of their testcase, whatever its outcome. It keeps to the schema that Jenkins publishes.
std::string junit(const RunResults& run);

/// One workflow command a cell: `::error file=…,line=…,title=…::…` at the line where the case says what it
/// expects (GitHub's "Workflow commands for GitHub Actions"); nothing a guest prints becomes a command.
/// Empty where all is as expected.
std::string annotations(const RunResults& run);

/// Writes OUT/results.json, junit.xml, summary.md, report.html, durations.json and
/// logs/IMAGE/CASE/VARIANT/ARM.log, each in one go, and makes the folders they need. Logs that an earlier run
/// left of the same cells are removed; nothing else is.
/// @param former an earlier run that report.html compares verdicts with
/// @throws InfraError where a file cannot be written: which, why and what to do.
void write_reports(const RunResults& run, const std::string& out,
                   const std::optional<RunResults>& former = std::nullopt);

}  // namespace clamproof
