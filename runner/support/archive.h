/// Archives: tar in zstd as a stream, ISO images, and what people who are not trusted have packed. The
/// program zstd does the work; where it ends early, whoever ignores SIGPIPE gets an error.
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

/// An ISO 9660 image with Rock Ridge names, of which every file belongs to root.
class IsoImage {
  public:
    /// @param file is overwritten. @param label of the volume, in capitals. @throws InfraError.
    IsoImage(const fs::path& file, const std::string& label);
    ~IsoImage();
    IsoImage(const IsoImage&) = delete;
    IsoImage& operator=(const IsoImage&) = delete;

    /// @param name below the root, whose folders need not be added. @throws InfraError.
    void add(const std::string& name, std::string_view content, int mode = 0644);
    void add_link(const std::string& name, const std::string& target);
    /// Completes the image; without it, what was written is none. @throws InfraError.
    void close();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Writes the files of a tar archive, compressed by gzip or not at all, below a folder. What is no plain file
/// (links, devices) is passed over; owners and modes are this process's own.
/// @param largest bytes that the files may have together; of whatever kind, there may be 20,000
/// @throws InputError where the archive is damaged, holds more, or names a file that is not below the folder;
/// InfraError where nothing can be written.
void unpack_files(const fs::path& archive, const fs::path& folder, std::uint64_t largest);

/// The content of the one file that a tar archive holds, as far as the archive goes: it may have been cut
/// off.
/// @returns nothing where it begins with something else: a link, a folder, a device, no archive at all.
std::optional<std::string> packed_file(std::string_view archive);

}  // namespace clamproof
