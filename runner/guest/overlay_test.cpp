#include "guest/overlay.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "support/error.h"
#include "support/process.h"

namespace clamproof {
namespace {

// A guest's disk, made by mkfs of a folder, and what its root might have done to it.
class ReadFromDiskTest : public testing::Test {
  protected:
    ReadFromDiskTest() : folder_(testing::TempDir(), "disk-") {
        make_folder(path("tree/var/log/audit"));
        make_folder(path("tree/etc"));
        write_file(path("tree/var/log/audit/audit.log"), "type=AVC\n");
        write_file(path("tree/etc/secret"), "of the guest\n");
        std::filesystem::create_symlink("/etc/secret", path("tree/var/log/syslog"));
        make_folder(path("tree/var/log/messages"));
        write_file(path("tree/var/log/victims_pwned"), "owned\n");
        write_file(path("raw"), "");
        std::filesystem::resize_file(path("raw"), 4 << 20);
        run_checked("making a file system", {.argv = {"mkfs.ext4", "-q", "-O", "^metadata_csum", "-d",
                                                      path("tree").string(), path("raw").string()}});
    }

    fs::path path(const std::string& name) const { return folder_.path() / name; }

    // Writes into the file system as nobody's kernel would.
    void patch(const std::string& from, const std::string& to) {
        std::string raw = read_file(path("raw"));
        for (auto at = raw.find(from); at != std::string::npos; at = raw.find(from, at + 1))
            raw.replace(at, to.size(), to);
        write_file(path("raw"), raw);
    }

    std::map<std::string, std::string> read(const std::vector<std::string>& files) const {
        run_checked("making a disk", {.argv = {"qemu-img", "convert", "-O", "qcow2", path("raw").string(),
                                               path("disk").string()}});
        return read_from_disk(path("disk"), files);
    }

    TempDir folder_;
};

TEST_F(ReadFromDiskTest, RegularFilesAreRead) {
    const auto files = read({"/var/log/audit/audit.log", "/var/log/none"});
    EXPECT_EQ(files, (std::map<std::string, std::string>{{"/var/log/audit/audit.log", "type=AVC\n"}}));
}

TEST_F(ReadFromDiskTest, LinksAndFoldersAreLeftOut) {
    EXPECT_TRUE(read({"/var/log/syslog", "/var/log/messages"}).empty());
}

TEST_F(ReadFromDiskTest, ANameThatClimbsOutWritesNothingOnThisHost) {
    write_file(path("pwned"), "untouched");
    patch("victims_pwned", "../../../pwne");
    const auto files = read({"/var/log/audit/audit.log"});
    EXPECT_LE(files.size(), 1U);
    EXPECT_EQ(read_file(path("pwned")), "untouched");
    EXPECT_FALSE(fs::exists(folder_.path() / "pwne"));
}

TEST_F(ReadFromDiskTest, AFileSystemThatE2fsckRefusesIsNotRead) {
    std::string raw = read_file(path("raw"));
    raw[1024 + 0x67] = static_cast<char>(0x40);  // a feature that nobody knows
    write_file(path("raw"), raw);
    EXPECT_THROW(read({"/var/log/audit/audit.log"}), InfraError);
}

TEST_F(ReadFromDiskTest, NoFileSystemAtAllIsNotRead) {
    write_file(path("raw"), std::string(1 << 20, 'x'));
    EXPECT_THROW(read({"/var/log/audit/audit.log"}), InfraError);
}

}  // namespace
}  // namespace clamproof
