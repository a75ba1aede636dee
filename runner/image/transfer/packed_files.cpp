#include "image/transfer/packed_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

namespace clamproof {
namespace {

constexpr std::uint64_t largest_member = 1 << 20;
constexpr std::int64_t largest_file = std::int64_t{1} << 40;

}  // namespace

nlohmann::ordered_json packed_files_to_json(const std::vector<PackedFile>& files) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const auto& file : files)
        list.push_back({{"name", file.name}, {"bytes", file.bytes}, {"sha256", file.sha256}});
    return list;
}

std::vector<PackedFile> packed_files_from_json(const Json& list, const std::vector<std::string>& names,
                                               const char* otherwise) {
    std::vector<PackedFile> files;
    for (const Json& node : list.as_array("\"files\"")) {
        ObjectReader file(node, "a file");
        PackedFile read;
        read.name = file.string("name");
        read.bytes = static_cast<std::uint64_t>(file.integer("bytes", 0, largest_file));
        read.sha256 = hexadecimal(file, "sha256", 64);
        file.finish();
        files.push_back(read);
    }
    if (!std::equal(files.begin(), files.end(), names.begin(), names.end(),
                    [](const PackedFile& file, const std::string& wanted) { return file.name == wanted; }))
        throw list.error(otherwise);
    return files;
}

void check_format(ObjectReader& reader, const char* key, int format) {
    if (const auto found = reader.integer(key, 1, 1 << 20); found != format)
        throw reader.error(key, fmt::format("is of format {}; this clamproof reads {}", found, format));
}

std::string hexadecimal(ObjectReader& reader, const char* key, std::size_t digits) {
    std::string text = reader.string(key);
    if (text.size() != digits || text.find_first_not_of("0123456789abcdef") != std::string::npos)
        throw reader.error(key, fmt::format("\"{}\" has to be {} hexadecimal digits", key, digits));
    return text;
}

std::string first_member(ArchiveReader& reader, const std::string& name) {
    const auto member = reader.next();
    if (!member || !member->plain || member->name != name || member->bytes > largest_member) return "";
    std::string text;
    reader.read([&](std::string_view piece) { text += piece; });
    return text;
}

void unpack_next(ArchiveReader& reader, const PackedFile& file, const fs::path& folder,
                 const fs::path& archive, const std::function<bool()>& cancelled) {
    const auto member = reader.next();
    if (!member) throw spoilt(archive, fmt::format("ends before {}", file.name));
    if (!member->plain || member->name != file.name || member->bytes != file.bytes)
        throw spoilt(archive, fmt::format("holds {} ({} bytes) where its manifest says {} ({} bytes)",
                                          member->name, member->bytes, file.name, file.bytes));
    const fs::path path = folder / file.name;
    make_folder(path.parent_path());
    std::ofstream out(path, std::ios::binary);
    reader.read([&](std::string_view piece) {
        if (cancelled()) throw InfraError("interrupted");
        out.write(piece.data(), static_cast<std::streamsize>(piece.size()));
    });
    out.close();
    if (!out)
        throw InfraError(
            fmt::format("cannot write {}; free some space (clamproof gc) or set XDG_CACHE_HOME elsewhere",
                        path.string()));
    if (fs::file_size(path) != file.bytes || sha256_file(path) != file.sha256)
        throw spoilt(archive, fmt::format("holds a {} that is not the one its manifest names", file.name));
}

InputError spoilt(const fs::path& archive, const std::string& what) {
    return InputError(fmt::format("{} {}; nothing of it is taken", archive.string(), what));
}

}  // namespace clamproof
