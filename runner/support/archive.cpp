#include "support/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "support/error.h"
#include "support/process.h"

namespace clamproof {
namespace {

// --long: a guest's memory holds much of its disk, hundreds of MB earlier in the same stream; with zstd's own
// reach the file is 40 % larger. Reading takes as much memory as the reach: 512 MiB. The program and not the
// library's own filter, which cannot be told so.
constexpr const char* compressor = "zstd -qq -T0 -4 --long=29";
constexpr const char* expander = "zstd -qq -dc --long=29";
constexpr std::array<char, 4> magic = {'\x28', '\xb5', '\x2f', '\xfd'};
constexpr std::size_t piece = 1 << 20;
constexpr int most_members = 20'000;

using Entry = std::unique_ptr<archive_entry, decltype(&archive_entry_free)>;

Entry entry_of(const std::string& name, unsigned type, int mode) {
    Entry entry(archive_entry_new(), archive_entry_free);
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_filetype(entry.get(), type);
    archive_entry_set_perm(entry.get(), static_cast<__LA_MODE_T>(mode));
    archive_entry_set_uid(entry.get(), 0);
    archive_entry_set_gid(entry.get(), 0);
    archive_entry_set_mtime(entry.get(), 0, 0);
    return entry;
}

std::string error_of(archive* handle) {
    const char* message = archive_error_string(handle);
    return message ? message : "no reason given";
}

bool is_file(archive_entry* entry) {
    return archive_entry_filetype(entry) == AE_IFREG && !archive_entry_hardlink(entry) &&
           !archive_entry_symlink(entry);
}

bool is_below(const fs::path& name) {
    return !name.empty() && name.is_relative() &&
           std::none_of(name.begin(), name.end(), [](const fs::path& part) { return part == ".."; });
}

}  // namespace

/// What is written to, whatever its format.
struct WrittenArchive {
    fs::path file;
    Fd fd;
    std::unique_ptr<archive, decltype(&archive_write_free)> handle{archive_write_new(), archive_write_free};

    void check(int result) const {
        if (result == ARCHIVE_OK) return;
        throw InfraError(
            fmt::format("cannot write {}: {}; is there space?", file.string(), error_of(handle.get())));
    }

    void header(const std::string& name, int mode, std::uint64_t bytes) const {
        const Entry entry = entry_of(name, AE_IFREG, mode);
        archive_entry_set_size(entry.get(), static_cast<la_int64_t>(bytes));
        check(archive_write_header(handle.get(), entry.get()));
    }

    void data(std::string_view content) const {
        while (!content.empty()) {
            const la_ssize_t n = archive_write_data(handle.get(), content.data(), content.size());
            if (n <= 0) check(ARCHIVE_FATAL);
            content.remove_prefix(static_cast<std::size_t>(n));
        }
    }

    void close() const { check(archive_write_close(handle.get())); }
};

struct ArchiveWriter::State : WrittenArchive {};

ArchiveWriter::ArchiveWriter(const fs::path& file) : state_(std::make_unique<State>()) {
    need_program("zstd");
    state_->file = file;
    state_->fd = Fd(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (!state_->fd)
        throw InfraError(fmt::format("cannot write {}: {}", file.string(), std::strerror(errno)));
    archive* handle = state_->handle.get();
    state_->check(archive_write_set_format_ustar(handle));
    state_->check(archive_write_add_filter_program(handle, compressor));
    state_->check(archive_write_open_fd(handle, state_->fd.get()));
}

ArchiveWriter::~ArchiveWriter() = default;

void ArchiveWriter::add(const std::string& name, std::string_view content) {
    state_->header(name, 0644, content.size());
    state_->data(content);
}

void ArchiveWriter::add_file(const std::string& name, const fs::path& path,
                             const std::function<bool()>& cancelled) {
    std::error_code error;
    const std::uintmax_t bytes = fs::file_size(path, error);
    if (error) throw InfraError(fmt::format("cannot read {}: {}", path.string(), error.message()));
    state_->header(name, 0644, bytes);
    read_pieces(path, [&](std::string_view content) {
        if (cancelled()) throw InfraError("interrupted");
        state_->data(content);
    });
}

void ArchiveWriter::close() {
    state_->close();
}

struct ArchiveReader::State {
    fs::path file;
    std::unique_ptr<archive, decltype(&archive_read_free)> handle{archive_read_new(), archive_read_free};

    [[noreturn]] void damaged() const {
        throw InputError(
            fmt::format("{} is damaged or cut short: {}", file.string(), error_of(handle.get())));
    }
};

ArchiveReader::ArchiveReader(const fs::path& file) : state_(std::make_unique<State>()) {
    need_program("zstd");
    state_->file = file;
    const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd) throw InputError(fmt::format("cannot read {}: {}", file.string(), std::strerror(errno)));
    std::array<char, 4> first{};
    if (::read(fd.get(), first.data(), first.size()) != static_cast<ssize_t>(first.size()) || first != magic)
        throw InputError(fmt::format("{} is not a file that clamproof image export has made", file.string()));
    archive* handle = state_->handle.get();
    if (archive_read_support_format_tar(handle) != ARCHIVE_OK ||
        archive_read_append_filter_program(handle, expander) != ARCHIVE_OK ||
        archive_read_open_filename(handle, file.c_str(), piece) != ARCHIVE_OK)
        state_->damaged();
}

ArchiveReader::~ArchiveReader() = default;

std::optional<ArchiveReader::Member> ArchiveReader::next() {
    archive_entry* entry = nullptr;
    const int result = archive_read_next_header(state_->handle.get(), &entry);
    if (result == ARCHIVE_EOF) return std::nullopt;
    if (result != ARCHIVE_OK) state_->damaged();
    const char* name = archive_entry_pathname(entry);
    if (!name) state_->damaged();
    return Member{.name = name,
                  .bytes = static_cast<std::uint64_t>(archive_entry_size(entry)),
                  .plain = is_file(entry)};
}

void ArchiveReader::read(const std::function<void(std::string_view)>& take) {
    std::string buffer(piece, '\0');
    for (;;) {
        const la_ssize_t n = archive_read_data(state_->handle.get(), buffer.data(), buffer.size());
        if (n == 0) return;
        if (n < 0) state_->damaged();
        take(std::string_view{buffer}.substr(0, static_cast<std::size_t>(n)));
    }
}

struct IsoImage::State : WrittenArchive {
    void option(const char* key, const char* value) const {
        check(archive_write_set_option(handle.get(), nullptr, key, value));
    }
};

IsoImage::IsoImage(const fs::path& file, const std::string& label) : state_(std::make_unique<State>()) {
    state_->file = file;
    state_->check(archive_write_set_format_iso9660(state_->handle.get()));
    state_->option("volume-id", label.c_str());
    state_->option("rockridge", "strict");  // modes as they are given
    state_->check(archive_write_open_filename(state_->handle.get(), file.c_str()));
}

IsoImage::~IsoImage() = default;

void IsoImage::add(const std::string& name, std::string_view content, int mode) {
    state_->header(name, mode, content.size());
    state_->data(content);
}

void IsoImage::add_link(const std::string& name, const std::string& target) {
    const Entry entry = entry_of(name, AE_IFLNK, 0777);
    archive_entry_set_symlink(entry.get(), target.c_str());
    state_->check(archive_write_header(state_->handle.get(), entry.get()));
}

void IsoImage::close() {
    state_->close();
}

void unpack_files(const fs::path& archive, const fs::path& folder, std::uint64_t largest) {
    const std::unique_ptr<::archive, decltype(&archive_read_free)> reader{archive_read_new(),
                                                                          archive_read_free};
    const auto check = [&](bool good) {
        if (good) return;
        throw InputError(
            fmt::format("{} is damaged or cut short: {}", archive.string(), error_of(reader.get())));
    };
    check(archive_read_support_format_tar(reader.get()) == ARCHIVE_OK &&
          archive_read_support_filter_gzip(reader.get()) == ARCHIVE_OK &&
          archive_read_open_filename(reader.get(), archive.c_str(), piece) == ARCHIVE_OK);
    std::string buffer(piece, '\0');
    archive_entry* entry = nullptr;
    int members = 0;
    for (int got; (got = archive_read_next_header(reader.get(), &entry)) != ARCHIVE_EOF;) {
        check(got == ARCHIVE_OK);
        if (++members > most_members)
            throw InputError(fmt::format("{} holds more than {} files", archive.string(), most_members));
        if (!is_file(entry)) continue;
        const char* name = archive_entry_pathname(entry);
        if (!name || !is_below(name))
            throw InputError(fmt::format("{} holds a file {}, which is not below the folder it is for",
                                         archive.string(), name ? name : "without a name"));
        const fs::path file = folder / name;
        make_folder(file.parent_path());
        std::ofstream out(file, std::ios::binary | std::ios::trunc);
        for (la_ssize_t n; (n = archive_read_data(reader.get(), buffer.data(), buffer.size())) != 0;) {
            check(n > 0);
            if (static_cast<std::uint64_t>(n) > largest)
                throw InputError(fmt::format("{} holds more than it may", archive.string()));
            largest -= static_cast<std::uint64_t>(n);
            out.write(buffer.data(), n);
        }
        if (!out.flush()) throw InfraError("cannot write " + file.string());
    }
}

std::optional<std::string> packed_file(std::string_view archive) {
    const std::unique_ptr<::archive, decltype(&archive_read_free)> reader{archive_read_new(),
                                                                          archive_read_free};
    archive_entry* entry = nullptr;
    if (archive_read_support_format_tar(reader.get()) != ARCHIVE_OK ||
        archive_read_open_memory(reader.get(), archive.data(), archive.size()) != ARCHIVE_OK ||
        archive_read_next_header(reader.get(), &entry) != ARCHIVE_OK || !is_file(entry))
        return std::nullopt;
    // Block by block: what comes before the end of one that is cut off counts, and a sparse file's holes do
    // not.
    std::string content;
    const void* block = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    while (archive_read_data_block(reader.get(), &block, &size, &offset) == ARCHIVE_OK)
        content.append(static_cast<const char*>(block), size);
    return content;
}

}  // namespace clamproof
