/// Files in an archive that anybody may have made, held against the list that its first member has of them.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "support/archive.h"
#include "support/error.h"
#include "support/json_reader.h"

namespace clamproof {

struct PackedFile {
    std::string name;  ///< below the folder it is unpacked into
    std::uint64_t bytes = 0;
    std::string sha256;
    bool operator==(const PackedFile&) const = default;
};

nlohmann::ordered_json packed_files_to_json(const std::vector<PackedFile>& files);
/// @param names of the files that have to be there, in this order, and no other
/// @throws InputError at the place in the text; `otherwise` where they are not these files.
std::vector<PackedFile> packed_files_from_json(const Json& list, const std::vector<std::string>& names,
                                               const char* otherwise);
/// The number of an archive's format has to be this one. @throws InputError.
void check_format(ObjectReader& reader, const char* key, int format);
/// A value of that many hexadecimal digits. @throws InputError.
std::string hexadecimal(ObjectReader& reader, const char* key, std::size_t digits);

/// The text of the first member, at most 1 MiB; empty where it has another name.
std::string first_member(ArchiveReader& reader, const std::string& name);

/// Unpacks the next member, which has to be `file`.
/// @param archive its name, for messages
/// @param cancelled asked now and then; true ends it with an InfraError
/// @throws InputError where it is another file or not as the list says; InfraError where there is no space.
void unpack_next(ArchiveReader& reader, const PackedFile& file, const fs::path& folder,
                 const fs::path& archive, const std::function<bool()>& cancelled);

/// "house.tar.zst ends before memory; nothing of it is taken".
InputError spoilt(const fs::path& archive, const std::string& what);

}  // namespace clamproof
