#include "image/download/first_boot.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <vector>

#include "support/process.h"

namespace clamproof {
namespace {

constexpr std::uint64_t sector = 512;

struct Partition {
    std::uint64_t first = 0, sectors = 0;
};

// Little-endian, as all of this is; 0 beyond the end.
std::uint64_t number_at(const std::string& bytes, std::size_t at, std::size_t width) {
    std::uint64_t number = 0;
    for (std::size_t i = width; i-- > 0;)
        number = number << 8 | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0);
    return number;
}

// UEFI specification, "GUID Partition Table Disk Layout".
std::vector<Partition> gpt_partitions(const ReadDisk& read) {
    constexpr std::uint64_t most_entries = 1024, largest_entry = 4096;
    const std::string header = read(sector, sector);
    if (!header.starts_with("EFI PART")) return {};
    const std::uint64_t size = std::min(number_at(header, 84, 4), largest_entry);
    const std::uint64_t count = std::min(number_at(header, 80, 4), most_entries);
    const std::string entries = read(number_at(header, 72, 8) * sector, size * count);
    std::vector<Partition> partitions;
    for (std::size_t at = 0; size > 0 && at < entries.size(); at += size) {
        const bool is_used = number_at(entries, at, 8) != 0 || number_at(entries, at + 8, 8) != 0;
        const std::uint64_t first = number_at(entries, at + 32, 8), last = number_at(entries, at + 40, 8);
        if (is_used && last >= first) partitions.push_back({.first = first, .sectors = last - first + 1});
    }
    return partitions;
}

std::vector<Partition> partitions_of(const ReadDisk& read, const std::string& first_sector) {
    constexpr int of_gpt = 0xee;
    std::vector<Partition> partitions;
    for (std::size_t at = 446; at < 510; at += 16) {
        const std::uint64_t type = number_at(first_sector, at + 4, 1);
        if (type == of_gpt) return gpt_partitions(read);
        if (type != 0)
            partitions.push_back({.first = number_at(first_sector, at + 8, 4),
                                  .sectors = number_at(first_sector, at + 12, 4)});
    }
    return partitions;
}

// LUKS's header is at the beginning; LVM's label is in one of the first four sectors.
std::string what_hides_root(const std::string& beginning) {
    if (beginning.starts_with("LUKS\xba\xbe")) return "whose root is encrypted (LUKS)";
    for (std::size_t at = 0; at < 4 * sector; at += sector)
        if (beginning.substr(std::min(at, beginning.size()), 8) == "LABELONE") return "whose root is on LVM";
    return "";
}

}  // namespace

std::string unfit_for_first_boot(const ReadDisk& read, const std::string& firmware) {
    const std::string first_sector = read(0, sector);
    if (first_sector.size() < sector || !first_sector.ends_with("\x55\xaa")) return "";  // BIOS and UEFI tell
    const auto partitions = partitions_of(read, first_sector);
    const auto largest = std::max_element(
        partitions.begin(), partitions.end(),
        [](const Partition& one, const Partition& other) { return one.sectors < other.sectors; });
    if (largest != partitions.end()) {
        constexpr std::uint64_t beyond_any_disk = std::uint64_t{1} << 50;
        const std::uint64_t first = std::min(largest->first, beyond_any_disk);
        if (auto why = what_hides_root(read(first * sector, 4 * sector)); !why.empty()) return why;
    }
    // A BIOS would run these zeros, and whatever comes after them in memory.
    if (firmware == "bios" && first_sector.find_first_not_of('\0') >= 440)
        return "with nothing to boot from by BIOS: \"firmware\": \"uefi\" may be what it is made for";
    return "";
}

std::string unfit_for_first_boot(const fs::path& disk, const std::string& firmware) {
    const TempDir work(disk.parent_path(), ".look-");
    const fs::path piece = work.path() / "piece";
    // A piece of a disk is a disk. (What qemu-img dd understands by count= beside skip= is another thing than
    // dd does.)
    const auto read = [&](std::uint64_t offset, std::size_t bytes) {
        const nlohmann::json at = {
            {"driver", "raw"},
            {"offset", offset},
            {"size", (bytes + sector - 1) / sector * sector},
            {"file", {{"driver", "qcow2"}, {"file", {{"driver", "file"}, {"filename", disk.string()}}}}}};
        const ProcessResult copied =
            run_process({.argv = {"qemu-img", "convert", "-O", "raw", "json:" + at.dump(), piece.string()}});
        return copied.ok() ? read_file(piece).substr(0, bytes) : "";
    };
    return unfit_for_first_boot(read, firmware);
}

}  // namespace clamproof
