#include "support/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstring>

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

using Entry = std::unique_ptr<archive_entry, decltype(&archive_entry_free)>;

std::string words_of(archive* handle) {
    const char* words = archive_error_string(handle);
    return words ? words : "no reason given";
}

}  // namespace

struct ArchiveWriter::State {
    fs::path file;
    Fd fd;
    std::unique_ptr<archive, decltype(&archive_write_free)> handle{archive_write_new(), archive_write_free};

    void check(int result) const {
        if (result == ARCHIVE_OK) return;
        throw InfraError(
            fmt::format("cannot write {}: {}; is there space?", file.string(), words_of(handle.get())));
    }

    void header(const std::string& name, std::uint64_t bytes) const {
        const Entry entry(archive_entry_new(), archive_entry_free);
        archive_entry_set_pathname(entry.get(), name.c_str());
        archive_entry_set_filetype(entry.get(), AE_IFREG);
        archive_entry_set_perm(entry.get(), 0644);
        archive_entry_set_mtime(entry.get(), 0, 0);
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
};

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
    state_->header(name, content.size());
    state_->data(content);
}

void ArchiveWriter::add_file(const std::string& name, const fs::path& path,
                             const std::function<bool()>& cancelled) {
    const Fd in(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat info {};
    if (!in || ::fstat(in.get(), &info) != 0)
        throw InfraError(fmt::format("cannot read {}: {}", path.string(), std::strerror(errno)));
    state_->header(name, static_cast<std::uint64_t>(info.st_size));
    std::string buffer(piece, '\0');
    for (;;) {
        if (cancelled()) throw InfraError("interrupted");
        const ssize_t n = ::read(in.get(), buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) throw InfraError(fmt::format("cannot read {}: {}", path.string(), std::strerror(errno)));
        if (n == 0) return;
        state_->data(std::string_view{buffer}.substr(0, static_cast<std::size_t>(n)));
    }
}

void ArchiveWriter::close() {
    state_->check(archive_write_close(state_->handle.get()));
}

struct ArchiveReader::State {
    fs::path file;
    std::unique_ptr<archive, decltype(&archive_read_free)> handle{archive_read_new(), archive_read_free};

    [[noreturn]] void damaged() const {
        throw InputError(
            fmt::format("{} is damaged or cut short: {}", file.string(), words_of(handle.get())));
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
                  .plain = archive_entry_filetype(entry) == AE_IFREG && !archive_entry_hardlink(entry) &&
                           !archive_entry_symlink(entry)};
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

}  // namespace clamproof
