#include "support/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <memory>

#include "support/error.h"

namespace clamproof {
namespace {

bool is_below(const fs::path& name) {
    return !name.empty() && name.is_relative() &&
           std::none_of(name.begin(), name.end(), [](const fs::path& part) { return part == ".."; });
}

}  // namespace

void unpack_files(const fs::path& archive, const fs::path& folder, std::uint64_t largest) {
    constexpr std::size_t piece = 1 << 16;
    const std::unique_ptr<::archive, decltype(&archive_read_free)> reader{archive_read_new(),
                                                                          archive_read_free};
    const auto check = [&](bool good) {
        if (good) return;
        const char* words = archive_error_string(reader.get());
        throw InputError(
            fmt::format("{} is damaged or cut short: {}", archive.string(), words ? words : "no words"));
    };
    check(archive_read_support_format_tar(reader.get()) == ARCHIVE_OK &&
          archive_read_support_filter_gzip(reader.get()) == ARCHIVE_OK &&
          archive_read_open_filename(reader.get(), archive.c_str(), piece) == ARCHIVE_OK);
    std::string buffer(piece, '\0');
    archive_entry* entry = nullptr;
    for (int got; (got = archive_read_next_header(reader.get(), &entry)) != ARCHIVE_EOF;) {
        check(got == ARCHIVE_OK);
        if (archive_entry_filetype(entry) != AE_IFREG || archive_entry_hardlink(entry)) continue;
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

}  // namespace clamproof
