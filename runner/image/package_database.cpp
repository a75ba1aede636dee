#include "image/package_database.h"

#include <fmt/format.h>

#include "support/error.h"
#include "support/files.h"
#include "support/text.h"
#include "support/unpack.h"

namespace clamproof {
namespace {

constexpr double packing_deadline = 60;
constexpr std::uint64_t largest_packed = std::uint64_t{64} << 20;
constexpr std::uint64_t largest = std::uint64_t{512} << 20;
constexpr const char* archive_in_guest = "/var/tmp/clamproof-database.tar.gz";

}  // namespace

void copy_package_database(Guest& guest, const ImageDefinition& image, const fs::path& folder) try {
    const fs::path script = image.folder / "package-managers" / image.package_manager / "database.sh";
    const ScriptResult result =
        guest.run({.text = fmt::format("set -eu\nARCHIVE={}\n{}", archive_in_guest, read_file(script)),
                   .deadline = packing_deadline});
    if (result.exit != 0)
        throw InfraError(result.timed_out ? "it takes too long" : without_line_end(result.err));
    TempDir work(fs::temp_directory_path(), "clamproof-database-");
    const fs::path archive = work.path() / "archive";
    write_file(archive, get(guest, archive_in_guest, largest_packed));
    unpack_files(archive, folder, largest);
} catch (const GuestLost&) {
    throw;
} catch (const std::runtime_error& error) {
    throw InfraError(fmt::format("reading the package database of {}: {}", image.name, error.what()));
}

}  // namespace clamproof
