/// The verdicts of a run as they come, so that nothing that was found out is lost with the run:
/// OUT/results.ndjson.
///
/// Its first line says what run it is; each line after it is a cell, as in results.json. A line is on the
/// disk before the next one is begun.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "results/results.h"
#include "support/fd.h"

namespace clamproof {

/// What a journal holds.
struct JournalContent {
    std::string head;               ///< JSON, a line
    std::vector<CellResult> cells;  ///< the last of each cell, in the order of their verdicts
    std::size_t bytes = 0;          ///< of whole lines; what follows was cut short
};

/// @throws InputError where there is no journal, or a whole line of it is none of a journal.
JournalContent read_journal(const std::filesystem::path& file);

/// Writes one.
class Journal {
  public:
    /// Begins anew, over what is there. @param head JSON, a line
    Journal(const std::filesystem::path& file, const std::string& head);
    /// Goes on behind what was read; what was cut short is cut off.
    Journal(const std::filesystem::path& file, const JournalContent& content);

    /// Never throws: without a journal the run still has its verdicts.
    void append(const CellResult& cell) noexcept;
    /// Why the last line could not be written, in words; empty where all were.
    const std::string& trouble() const { return trouble_; }

  private:
    void open(int flags) noexcept;
    void write_line(std::string line) noexcept;
    void sync_name() noexcept;
    void fail() noexcept;

    std::filesystem::path file_;
    Fd fd_;
    std::string trouble_;
};

}  // namespace clamproof
