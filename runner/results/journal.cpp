#include "results/journal.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "results/results_json.h"
#include "support/error.h"
#include "support/files.h"

namespace clamproof {

JournalContent read_journal(const std::filesystem::path& file) {
    std::error_code none;
    if (!std::filesystem::is_regular_file(file, none))
        throw InputError(fmt::format("there is no {}: no run was begun there", file.string()));
    const std::string text = read_file(file);
    JournalContent content;
    for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', content.bytes)) {
        const std::string line = text.substr(content.bytes, end - content.bytes);
        if (content.bytes == 0) {
            content.head = line;
        } else {
            CellResult cell = cell_from_json(line);
            std::erase_if(content.cells,
                          [&](const CellResult& earlier) { return earlier.id() == cell.id(); });
            content.cells.push_back(std::move(cell));
        }
        content.bytes = end + 1;
    }
    if (content.bytes == 0)
        throw InputError(fmt::format("{} is cut short before its first line ends", file.string()));
    return content;
}

Journal::Journal(const std::filesystem::path& file, const std::string& head) : file_(file) {
    open(O_TRUNC);
    write_line(head);
    if (fd_) sync_name();
}

Journal::Journal(const std::filesystem::path& file, const JournalContent& content) : file_(file) {
    open(0);
    if (fd_ && ::ftruncate(fd_.get(), static_cast<off_t>(content.bytes)) != 0) fail();
}

void Journal::append(const CellResult& cell) noexcept try {
    write_line(to_json(cell));
} catch (const std::exception& error) {
    trouble_ = error.what();
}

void Journal::open(int flags) noexcept {
    fd_ = Fd(::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | flags, 0644));
    if (!fd_) fail();
}

// A line that could not be written whole is taken back, so that the next one begins at a line.
void Journal::write_line(std::string line) noexcept {
    if (!fd_) return;
    trouble_.clear();
    line += '\n';
    const off_t before = ::lseek(fd_.get(), 0, SEEK_END);
    if (!write_all(fd_.get(), line)) {
        fail();
        if (::ftruncate(fd_.get(), before) != 0) fd_ = Fd();
        return;
    }
    if (sync_descriptor(fd_.get()) != 0) fail();
}

void Journal::sync_name() noexcept try {
    sync_to_disk(file_.has_parent_path() ? file_.parent_path() : ".");
} catch (const std::exception& error) {
    trouble_ = error.what();
}

void Journal::fail() noexcept {
    const int error = errno;
    trouble_ = "cannot write " + file_.string() + ": " + std::strerror(error);
}

}  // namespace clamproof
