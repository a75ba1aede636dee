#include "image/transfer/capsule.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "guest/overlay.h"
#include "support/process.h"

namespace clamproof {
namespace {

constexpr int capsule_format = 1;
constexpr const char* label_name = "capsule.json";
// In a capsule the state's disk lies on this, which is no file: where the image's disk is, is the reader's to
// say.
constexpr const char* below_in_capsule = "the-image";

const std::vector<std::string>& names() {
    static const std::vector<std::string> all = {"results.json", "disk.qcow2", "memory"};
    return all;
}

std::string label_to_json(const CapsuleLabel& label, const std::vector<PackedFile>& files) {
    const nlohmann::ordered_json json = {
        {"clamproof_capsule", capsule_format},
        {"image", label.image},
        {"digest", label.digest},
        {"what", label.what},
        {"replay", label.replay},
        {"origin", nlohmann::ordered_json::parse(origin_to_json(label.origin))},
        {"files", packed_files_to_json(files)}};
    return json.dump(1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

struct Read {
    CapsuleLabel label;
    std::vector<PackedFile> files;
};

Read label_from_json(const std::string& text, const std::string& name) {
    const Json root = parse_json(text, name);
    ObjectReader reader(root, "the capsule");
    check_format(reader, "clamproof_capsule", capsule_format);
    Read read;
    read.label.image = reader.string("image");
    read.label.digest = hexadecimal(reader, "digest", 16);
    read.label.what = reader.string("what");
    read.label.replay = reader.string("replay");
    read.label.origin = read_origin(reader.at("origin"));
    read.files = packed_files_from_json(reader.at("files"), names(), "these are not the files of a capsule");
    reader.finish();
    return read;
}

// One layer, however many there were, that holds what differs from the image: an empty one is given another
// disk below it, and keeps what it showed. (qemu-img convert -B would leave out what is in the layers
// between.)
void flatten(const fs::path& disk, const fs::path& base, const fs::path& into) {
    make_overlay(into, disk);
    run_checked(
        "writing down what differs on the guest's disk",
        {.argv = {"qemu-img", "rebase", "-f", "qcow2", "-F", "qcow2", "-b", base.string(), into.string()}});
    move_below(into, below_in_capsule);
}

}  // namespace

void write_capsule(const fs::path& file, const CapsuleLabel& label, const State& state, const fs::path& base,
                   const std::string& results) {
    make_folder(file.parent_path());
    const TempDir work(file.parent_path(), ".capsule-");
    flatten(state.disk, base, work.path() / "disk.qcow2");
    write_file(work.path() / "results.json", results);
    const auto place = [&](const std::string& name) {
        return name == "memory" ? state.memory : work.path() / name;
    };
    std::vector<PackedFile> files;
    for (const auto& name : names())
        files.push_back(
            {.name = name, .bytes = fs::file_size(place(name)), .sha256 = sha256_file(place(name))});
    const fs::path unfinished = work.path() / "capsule";
    ArchiveWriter writer(unfinished);
    writer.add(label_name, label_to_json(label, files));
    for (const auto& name : names()) writer.add_file(name, place(name), [] { return false; });
    writer.close();
    rename_path(unfinished, file);
}

Capsule::Capsule(const fs::path& file) : file_(file), reader_(file) {
    const std::string text = first_member(reader_, label_name);
    if (text.empty())
        throw InputError(
            fmt::format("{} is not a capsule that clamproof run --capsule has made", file.string()));
    Read read = label_from_json(text, fmt::format("{} in {}", label_name, file.string()));
    label_ = std::move(read.label);
    files_ = std::move(read.files);
}

State Capsule::unpack(const fs::path& folder, const fs::path& base, const std::function<bool()>& cancelled) {
    std::uint64_t bytes = 0;
    for (const auto& file : files_) bytes += file.bytes;
    need_space("unpacking " + file_.string(), folder, bytes >> 20);
    for (const auto& file : files_) unpack_next(reader_, file, folder, file_, cancelled);
    if (reader_.next()) throw spoilt(file_, "holds more than it names");
    const fs::path disk = folder / "disk.qcow2";
    // A disk that lies on, or keeps its data in, another file would let the guest read that file.
    if (disk_below(disk) != below_in_capsule)
        throw spoilt(file_, "holds a disk that reaches for files that are not the image's");
    move_below(disk, base);
    return {.memory = folder / "memory", .disk = disk, .keeps = nullptr};
}

}  // namespace clamproof
