/// Compressed archives: tar in zstd, read and written as a stream. The program zstd does the work; where it
/// ends early, whoever ignores SIGPIPE gets an error.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "support/files.h"

namespace clamproof {

/// An archive being written. The same members in the same order make the same bytes.
class ArchiveWriter {
  public:
    /// @param file is overwritten. @throws InfraError.
    explicit ArchiveWriter(const fs::path& file);
    ~ArchiveWriter();
    ArchiveWriter(const ArchiveWriter&) = delete;
    ArchiveWriter& operator=(const ArchiveWriter&) = delete;

    /// Adds a member of that content. @throws InfraError.
    void add(const std::string& name, std::string_view content);
    /// Adds a member with the content of a file.
    /// @param cancelled asked now and then; true ends it with an InfraError. @throws InfraError.
    void add_file(const std::string& name, const fs::path& path, const std::function<bool()>& cancelled);
    /// Completes the file; without it, what was written is no archive. @throws InfraError.
    void close();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// An archive that anybody may have made. Nothing is written to the disk here, and no name of a member means
/// anything until its reader says so.
class ArchiveReader {
  public:
    /// @throws InputError where the file cannot be read or is no such archive.
    explicit ArchiveReader(const fs::path& file);
    ~ArchiveReader();
    ArchiveReader(const ArchiveReader&) = delete;
    ArchiveReader& operator=(const ArchiveReader&) = delete;

    struct Member {
        std::string name;
        std::uint64_t bytes = 0;  ///< as the archive claims
        bool plain = false;       ///< a file: no link, no folder, no device
    };
    /// The next member; nothing at the end. @throws InputError where the archive is damaged or truncated.
    std::optional<Member> next();

    /// Reads the member's content, piece by piece, at most once. @throws InputError likewise.
    void read(const std::function<void(std::string_view)>& take);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace clamproof
