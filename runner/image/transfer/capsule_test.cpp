#include "image/transfer/capsule.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "guest/empty_disk_test.h"
#include "guest/overlay.h"
#include "support/process.h"

namespace clamproof {
namespace {

const auto never = [] { return false; };

void write_to(const fs::path& disk, int at, int byte) {
    run_checked("writing to a disk", {.argv = {"qemu-io", "-f", "qcow2", "-c",
                                               fmt::format("write -q -P {} {} 4096", byte, at), disk}});
}

bool holds(const fs::path& disk, int at, int byte) {
    const auto result = run_process(
        {.argv = {"qemu-io", "-f", "qcow2", "-r", "-c", fmt::format("read -P {} {} 4096", byte, at), disk}});
    return result.ok() && result.out.find("verification failed") == std::string::npos;
}

// A guest's disk, two layers above its image's.
class CapsuleTest : public testing::Test {
  protected:
    CapsuleTest() : folder_(testing::TempDir(), "capsule-"), file_(path("at.capsule")) {
        make_empty_disk(path("image"));
        make_overlay(path("warm"), path("image"));
        make_overlay(path("disk"), path("warm"));
        write_file(path("memory-1"), std::string(100000, 'm'));
        label_ = {.image = "house",
                  .digest = "0123456789abcdef",
                  .what = "house leak cron, at fix:unset",
                  .replay = "clamproof shell house --case leak --at fix:unset",
                  .origin = {.machine = {{"accelerator", "tcg"},
                                         {"QEMU", "7.2.22"},
                                         {"libvirt", "9.0.0"},
                                         {"processor", "emulated"},
                                         {"machine", "0123456789abcdef"}},
                             .disk = "beef"}};
    }

    fs::path path(const std::string& name) const { return folder_.path() / name; }

    void write() const {
        write_capsule(file_, label_, {.memory = path("memory-1"), .disk = path("disk"), .keeps = nullptr},
                      path("image"), "{\"verdict\": \"fix-failed\"}");
    }

    // What it holds, made again with one thing changed.
    void forge(
        const std::function<void(std::string& label, std::map<std::string, std::string>& files)>& change) {
        if (genuine_.empty()) {
            write();
            ArchiveReader reader(file_);
            while (const auto member = reader.next())
                reader.read([&](std::string_view piece) { genuine_[member->name] += piece; });
        }
        auto files = genuine_;
        change(files["capsule.json"], files);
        ArchiveWriter writer(file_);
        writer.add("capsule.json", files["capsule.json"]);
        for (const char* name : {"results.json", "disk.qcow2", "memory"})
            if (files.contains(name)) writer.add(name, files[name]);
        writer.close();
    }

    std::string complaint() const {
        try {
            Capsule capsule(file_);
            const clamproof::TempDir into(folder_.path(), "out-");
            capsule.unpack(into.path(), path("image"), never);
            return "";
        } catch (const InputError& error) {
            return error.what();
        }
    }

    clamproof::TempDir folder_;
    fs::path file_;
    CapsuleLabel label_;
    std::map<std::string, std::string> genuine_;  ///< what a capsule holds, by name
};

TEST_F(CapsuleTest, HoldsMemoryAndWhatDiffersFromTheImage) {
    write_to(path("image"), 0, 1);
    write_to(path("warm"), 65536, 2);
    write_to(path("disk"), 131072, 3);
    write();
    Capsule capsule(file_);
    EXPECT_EQ(capsule.label().what, "house leak cron, at fix:unset");
    EXPECT_EQ(capsule.label().replay, label_.replay);
    EXPECT_EQ(difference(capsule.label().origin, label_.origin), "");
    // The image elsewhere, as on another host.
    fs::rename(path("image"), path("their-image"));
    fs::remove(path("warm"));
    const State state = capsule.unpack(path("out"), path("their-image"), never);
    EXPECT_EQ(read_file(state.memory), std::string(100000, 'm'));
    EXPECT_EQ(disk_below(state.disk), path("their-image").string());
    EXPECT_TRUE(holds(state.disk, 0, 1));
    EXPECT_TRUE(holds(state.disk, 65536, 2));
    EXPECT_TRUE(holds(state.disk, 131072, 3));
    EXPECT_FALSE(holds(state.disk, 131072, 1));
    EXPECT_LT(fs::file_size(state.disk), 500000U);
}

TEST_F(CapsuleTest, ThatCannotBeWrittenIsTheHarnessesTrouble) {
    make_folder(file_);
    EXPECT_THROW(write(), InfraError);
    fs::remove(path("disk"));
    file_ = path("another.capsule");
    EXPECT_THROW(write(), InfraError);
    EXPECT_FALSE(fs::exists(file_));
}

TEST_F(CapsuleTest, SaysWhatIsWrongWithAFile) {
    write_file(file_, "none at all");
    EXPECT_NE(complaint().find("is no"), std::string::npos) << complaint();
    ArchiveWriter(file_).close();
    EXPECT_NE(complaint().find("is not a capsule that clamproof run --capsule has made"), std::string::npos);
    write();
    fs::resize_file(file_, fs::file_size(file_) - 200);
    EXPECT_NE(complaint(), "");
    forge([](std::string&, auto& files) { files.erase("memory"); });
    EXPECT_NE(complaint().find("ends before memory"), std::string::npos) << complaint();
    forge([](std::string&, auto& files) { files["memory"][5] = 'x'; });
    EXPECT_NE(complaint().find("holds a memory that is not the one its manifest names"), std::string::npos);
    forge([](std::string& label, auto&) { label.replace(label.find("\"memory\""), 8, "\"passwd\""); });
    EXPECT_NE(complaint().find("these are not the files of a capsule"), std::string::npos) << complaint();
    forge([](std::string& label, auto&) { label.replace(label.find("capsule\": 1"), 11, "capsule\": 9"); });
    EXPECT_NE(complaint().find("is of format 9; this clamproof reads 1"), std::string::npos) << complaint();
}

TEST_F(CapsuleTest, ThatClaimsMoreThanThereIsSpaceForIsNotUnpacked) {
    forge([](std::string& label, auto&) {
        const auto bytes = label.find("\"bytes\": ", label.find("\"memory\"")) + 9;
        label.replace(bytes, label.find(',', bytes) - bytes, "1099511627776");
    });
    Capsule capsule(file_);
    const clamproof::TempDir into(folder_.path(), "out-");
    EXPECT_THROW(capsule.unpack(into.path(), path("image"), never), InfraError);
    EXPECT_TRUE(fs::is_empty(into.path()));
}

TEST_F(CapsuleTest, AForeignDiskBelowIsRefused) {
    forge([&](std::string& label, auto& files) {
        make_overlay(path("thief"), path("image"));
        const std::string disk = read_file(path("thief"));
        const auto at = label.find("disk.qcow2");
        const auto bytes = label.find("\"bytes\": ", at) + 9;
        label.replace(bytes, label.find(',', bytes) - bytes, std::to_string(disk.size()));
        const auto digest = label.find("\"sha256\": \"", at) + 11;
        label.replace(digest, 64, sha256(disk));
        files["disk.qcow2"] = disk;
    });
    EXPECT_NE(complaint().find("reaches for files that are not the image's"), std::string::npos)
        << complaint();
}

}  // namespace
}  // namespace clamproof
