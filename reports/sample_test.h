/// Results for tests of reports.
#pragma once

#include <cstddef>
#include <string>

#include "results/results.h"

namespace clamproof {

/// A run with a cell of every outcome and something in every field of some cell.
RunResults sample_run();

/// Its fully furnished cell: a fix that did not last, with denials, a silent miss, notes and changes.
CellResult sample_failed_cell();

/// What a guest can write to harm who reads it: control characters, the end of a CDATA section, markup, text
/// that runs backwards, bytes that are no UTF-8, line ends.
std::string hostile_text();

/// The same in every text of a cell; the first step of its first arm wrote a million bytes.
CellResult hostile_cell();

/// Many cells with arms, half of them not as expected, every fourth skipped.
RunResults big_run(std::size_t cells);

/// What is left of Markdown when blocks of code are taken out, by the rule that a fence ends with one as
/// long; a block that does not end fails the test.
std::string outside_blocks(const std::string& text);

}  // namespace clamproof
