
#include "image/transfer/transfer.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "guest/overlay.h"
#include "support/error.h"
#include "support/process.h"

namespace clamproof {
namespace {

constexpr const char* house = R"json({
    "title": "A house", "source": { "debootstrap": { "suite": "new" } }, "settle": "settle.sh",
    "package_manager": "opkg",
    "lsm": "none", "init": "systemd", "memory_mib": 256, "vcpus": 1, "disk_mib": 512,
    "kernel": { "image": "/k", "initrd": "/i", "line": ["quiet"] },
    "clamd": { "conf": "/c", "unit": "u", "initscript": "/s", "user": "u", "log": "/l", "socket": "/k",
               "database": "/d", "confinement": "none" }
})json";

const auto not_cancelled = [] { return false; };

// A house that is built and warm, and the file that it is exported to.
class ExportedTest : public testing::Test {
  protected:
    ExportedTest()
        : folder_(testing::TempDir(), "exported-"), images_(path("images")), file_(path("house.tar.zst")) {
        fs::copy(model(), folder_.path(), fs::copy_options::recursive);
        definition_ = load_image(images_, "house");
        entry_ = entry_in(folder_.path());
        origin_ = origin_of(entry_);
    }

    // Made once, because it takes QEMU's tools a while: each test has a copy of its own.
    static const fs::path& model() {
        static const clamproof::TempDir folder(testing::TempDir(), "house-");
        static const bool made = (make_house(folder.path()), true);
        static_cast<void>(made);
        return folder.path();
    }

    static StoreEntry entry_in(const fs::path& folder) {
        return {.name = "house",
                .digest = load_image(folder / "images", "house").digest,
                .folder = folder / "store/house"};
    }

    static SavedOrigin origin_of(const StoreEntry& entry) {
        return {.machine = {{"accelerator", "tcg"},
                            {"QEMU", "7"},
                            {"libvirt", "9"},
                            {"processor", "p"},
                            {"machine", "m"}},
                .disk = sha256_file(entry.disk())};
    }

    static void make_house(const fs::path& folder) {
        for (const char* name : {"images/setup", "images/package-managers/opkg", "store/house", "in"})
            make_folder(folder / name);
        for (const char* script : {"install.sh", "list.sh", "date.sh", "lock.sh"})
            write_file(folder / "images/package-managers/opkg" / script, "true\n");
        write_file(folder / "images/setup/settle.sh", "true\n");
        write_file(folder / "images/house.json", house);
        const StoreEntry entry = entry_in(folder);
        make_disk(entry.disk(), {});
        for (const char* name : {"vmlinuz", "initrd"}) write_file(entry.folder / name, name);
        write_file(entry.folder / "facts", "lsm=none\n");
        write_lock(entry, entry.digest);
        SealedFolder::seal(entry.folder, {"disk.qcow2", "vmlinuz", "initrd", "lock.json"});
        write_file(folder / "memory", std::string(2 << 20, 'm'));
        make_overlay(folder / "layer", entry.disk());
        keep_saved({.memory = folder / "memory", .disk = folder / "layer", .keeps = {}}, entry,
                   origin_of(entry));
    }

    fs::path path(const std::string& name) const { return folder_.path() / name; }
    fs::path warm() const { return entry_.warm(origin_.key()); }

    static void make_disk(const fs::path& disk, const std::vector<std::string>& options) {
        std::vector<std::string> argv = {"qemu-img", "create", "-q", "-f", "qcow2"};
        argv.insert(argv.end(), options.begin(), options.end());
        argv.insert(argv.end(), {disk.string(), "1M"});
        fs::remove(disk);
        run_checked("making a disk", {.argv = argv});
    }

    static void write_lock(const StoreEntry& entry, const std::string& digest) {
        write_file(
            entry.lock_file(),
            fmt::format(
                R"({{"image": "house", "digest": "{}", "packages": [{{"name": "door", "version": "1"}}]}})",
                digest));
    }

    BuiltImage ready() const { return {.definition = definition_, .entry = entry_, .origin = origin_}; }

    void do_export() { export_image(ready(), file_, not_cancelled); }

    // As export does, of whatever lies in the folder now.
    Manifest manifest() const {
        Manifest manifest{.image = "house", .digest = entry_.digest, .warm = origin_.key(), .files = {}};
        for (const auto& name : names_of_export(manifest.warm))
            manifest.files.push_back({.name = name,
                                      .bytes = fs::file_size(entry_.folder / name),
                                      .sha256 = sha256_file(entry_.folder / name)});
        return manifest;
    }

    void write(const std::string& manifest, const std::vector<std::string>& names) {
        ArchiveWriter writer(file_);
        writer.add(manifest_name, manifest);
        for (const auto& name : names) {
            const fs::path content = entry_.folder / name;
            if (fs::exists(content) && !name.starts_with("..")) {
                writer.add_file(name, content, not_cancelled);
            } else {
                writer.add(name, "foreign");
            }
        }
        writer.close();
    }

    void write_as_it_is() { write(manifest_to_json(manifest()), names_of_export(origin_.key())); }

    StoreEntry unpack() {
        remove_tree(path("in"));
        make_folder(path("in"));
        return ExportedImage(file_, images_).unpack(path("in"), not_cancelled);
    }

    std::string complaint() {
        try {
            unpack();
            return "";
        } catch (const InputError& error) {
            return error.what();
        }
    }

    void expect_complaint(const std::string& words) {
        const std::string said = complaint();
        EXPECT_NE(said.find(words), std::string::npos) << said;
    }

    clamproof::TempDir folder_;
    fs::path images_, file_;
    ImageDefinition definition_;
    StoreEntry entry_;
    SavedOrigin origin_;
};

TEST_F(ExportedTest, ArrivesAsItLeft) {
    do_export();
    const StoreEntry arrived = unpack();
    EXPECT_EQ(SealedFolder::damage(arrived.folder), "");
    for (const auto& name : names_of_export(origin_.key()))
        EXPECT_EQ(sha256_file(arrived.folder / name), sha256_file(entry_.folder / name)) << name;
    const SavedCheck check = check_saved(arrived, origin_);
    ASSERT_TRUE(check.state) << check.trouble;
    EXPECT_EQ(disk_below(check.state->disk), "../../disk.qcow2");
}

TEST_F(ExportedTest, TheSameImageMakesTheSameFile) {
    do_export();
    const std::string first = sha256_file(file_);
    do_export();
    EXPECT_EQ(sha256_file(file_), first);
}

TEST_F(ExportedTest, AnInterruptedExportLeavesNothing) {
    EXPECT_THROW(export_image(ready(), path("in/file"), [] { return true; }), InfraError);
    EXPECT_TRUE(fs::is_empty(path("in")));
    do_export();
    EXPECT_THROW(ExportedImage(file_, images_).unpack(path("in"), [] { return true; }), InfraError);
}

TEST_F(ExportedTest, ATruncatedFileIsRefused) {
    do_export();
    fs::resize_file(file_, fs::file_size(file_) - 20);
    expect_complaint("is damaged or cut short");
}

TEST_F(ExportedTest, AChangedContentIsRefused) {
    const std::string manifest = manifest_to_json(this->manifest());
    write_file(entry_.folder / "vmlinuz", "VMLINUZ");
    write(manifest, names_of_export(origin_.key()));
    expect_complaint("holds a vmlinuz that is not the one its manifest names; nothing of it is taken");
}

TEST_F(ExportedTest, FilesThatTheManifestDoesNotNameAreRefused) {
    const std::string manifest = manifest_to_json(this->manifest());
    auto names = names_of_export(origin_.key());
    names.pop_back();
    write(manifest, names);
    expect_complaint("ends before warm/");
    names = names_of_export(origin_.key());
    names.push_back("more");
    write(manifest, names);
    expect_complaint("holds more than its manifest names");
    names.front() = "../../outside";
    write(manifest, names);
    expect_complaint("holds ../../outside (7 bytes) where its manifest says lock.json");
    EXPECT_FALSE(fs::exists(path("outside")));
}

TEST_F(ExportedTest, AManifestThatNamesOtherFilesIsRefused) {
    for (const char* name : {"../../outside", "/etc/passwd", "warm/../../x"}) {
        Manifest other = manifest();
        other.files.front().name = name;
        write(manifest_to_json(other), {name});
        expect_complaint("these are not the files of an exported image");
    }
}

TEST_F(ExportedTest, WhatIsNoExportIsRefused) {
    ArchiveWriter writer(file_);
    writer.add("readme", "an archive of something else");
    writer.close();
    expect_complaint("is not a file that clamproof image export has made");
}

TEST_F(ExportedTest, AnImageOfAnotherDefinitionIsRefused) {
    do_export();
    write_file(images_ / "setup/settle.sh", "false\n");
    expect_complaint("holds house of another definition (" + entry_.digest + ")");
    expect_complaint("run clamproof image build house");
    fs::rename(images_ / "house.json", images_ / "home.json");
    expect_complaint("holds the image house, which");
}

TEST_F(ExportedTest, ADiskThatReachesForOtherFilesIsRefused) {
    write_file(path("secret"), std::string(1 << 20, 's'));
    make_disk(entry_.disk(), {"-b", path("secret").string(), "-F", "raw"});
    write_as_it_is();
    expect_complaint("holds a disk that reaches for files that are not the image's");
    make_disk(entry_.disk(), {});
    make_disk(warm() / "disk.qcow2", {"-b", path("secret").string(), "-F", "raw"});
    write_as_it_is();
    expect_complaint("holds a disk that reaches for files that are not the image's");
}

TEST_F(ExportedTest, ALockOfAnotherImageIsRefused) {
    write_lock(entry_, "0123456789abcdef");
    write_as_it_is();
    expect_complaint("holds a lock.json that is not of this image");
    write_file(entry_.lock_file(), "no JSON");
    write_as_it_is();
    expect_complaint("holds a lock.json that is not of this image");
}

TEST_F(ExportedTest, AWarmStateThatLiesAboutItsOriginIsRefused) {
    SavedOrigin other = origin_;
    other.machine[1].value = "8";
    write_file(warm() / origin_name, origin_to_json(other));
    write_as_it_is();
    expect_complaint("holds a warm state that does not tell what it was saved by");
}

TEST_F(ExportedTest, AManifestOfAnotherFormatIsRefused) {
    std::string text = manifest_to_json(manifest());
    text.replace(text.find("\"clamproof_image\": 1"), 20, "\"clamproof_image\": 2");
    write(text, {});
    expect_complaint("is of format 2; this clamproof reads 1");
    Manifest odd = manifest();
    odd.warm = "../../elsewhere!";
    write(manifest_to_json(odd), {});
    expect_complaint("\"warm\" has to be 16 hexadecimal digits");
}

}  // namespace
}  // namespace clamproof
