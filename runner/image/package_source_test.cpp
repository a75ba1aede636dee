#include "image/package_source.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "image/download/fake_server_test.h"
#include "image/install.h"
#include "support/error.h"

namespace clamproof {
namespace {

// A family whose database is a copy of the disk (database.sh is run elsewhere), and whose packages are files
// that begin with name and version.
class PackageSourceTest : public testing::Test {
  protected:
    PackageSourceTest() : folder_(testing::TempDir(), "package-source-") {
        script("database.sh", "");
        script("fetch.sh", "exit 1");
        script("describe.sh",
               "for file in \"$@\"; do\n"
               "    grep -q '^damaged' \"$file\" && { echo \"$file is damaged\" >&2; exit 2; }\n"
               "    cat \"$file\"\n"
               "done");
        image_.definition.name = "house";
        image_.definition.folders = folder_.path();
        image_.definition.package_manager = "opkg";
        image_.definition.suite = "street";
        image_.definition.pockets = {"updates", "security"};
        image_.entry = {.name = "house", .digest = "1", .folder = folder_.path() / "house-1"};
        package("house-1/disk.qcow2", "door 1");
        SealedFolder::seal(image_.entry.folder, {"disk.qcow2"});
    }

    void script(const std::string& name, const std::string& text) {
        package("package-managers/opkg/" + name, text);
    }

    fs::path package(const std::string& name, const std::string& text) {
        const fs::path file = folder_.path() / name;
        make_folder(file.parent_path(), fs::perms{0755});
        write_file(file, text + "\n");
        return file;
    }

    std::vector<PackageFile> get(const PackageWish& wish) {
        return PackageSource(image_, copy_, {}, folder_.path() / "kept").get(wish);
    }

    template <typename Error>
    std::string complaint(const PackageWish& wish) {
        try {
            get(wish);
        } catch (const Error& error) {
            return error.what();
        }
        return "no complaint";
    }

    clamproof::TempDir folder_;
    BuiltImage image_;
    int copies_ = 0;
    CopyDatabase copy_ = [this](const ImageDefinition&, const fs::path& to) {
        ++copies_;
        fs::copy(image_.entry.disk(), to / "database");
    };
};

TEST_F(PackageSourceTest, FilesAreWhatTheyAre) {
    const auto door = package("a door.ipk", "door 2"), roof = package("roof.ipk", "roof 0.1~1");
    const auto packages = get({.words = {door.string(), roof.string()}});
    ASSERT_EQ(packages.size(), 2U);
    EXPECT_EQ(packages[0].file, door);
    EXPECT_EQ(packages[0].name, "door");
    EXPECT_EQ(packages[0].version, "2");
    EXPECT_EQ(packages[1].name, "roof");
    EXPECT_EQ(packages[1].version, "0.1~1");
}

TEST_F(PackageSourceTest, WhatIsNoFileTheScriptLooksFor) {
    const auto old = package("door.ipk", "door 2");
    script("fetch.sh",
           "echo \"$WANTED/$SCOPE/$SUITE/$POCKETS/$BELOW/$(cat \"$DATABASE/database\")\" >&2; exit 2");
    EXPECT_EQ(complaint<InputError>({.words = {"street-security"},
                                     .scope = {"door", "roof"},
                                     .below = {{.file = old, .name = "door", .version = "2"}}}),
              "street-security/door roof/street/updates security/" + old.string() + "/door 1");
    script("fetch.sh", "ls $WANTED/*");
    package("found/door.ipk", "door 3");
    const auto packages = get({.words = {(folder_.path() / "found").string()}});
    ASSERT_EQ(packages.size(), 1U);
    EXPECT_EQ(packages[0].version, "3");
}

TEST_F(PackageSourceTest, ScriptsHaveNoRightsOnThisHost) {
    const auto secret = package("secret", "secret");
    script("fetch.sh", "echo pwned >\"$CACHE/pwned\" || :; echo pwned >'" + secret.string() +
                           "' || :; cat '" + secret.string() + "' || :; grep -c : /proc/net/dev; exit 1");
    const std::string words = complaint<InfraError>({.words = {"9"}});
    EXPECT_EQ(read_file(secret), "secret\n");
    EXPECT_FALSE(fs::exists(folder_.path() / "kept/opkg/pwned"));
    EXPECT_NE(words.find("cat: " + secret.string() + ": No such file"), std::string::npos) << words;
    script("fetch.sh", "echo '" + secret.string() + "'");
    EXPECT_NE(complaint<InfraError>({.words = {"9"}}).find("which it was not to look for"),
              std::string::npos);
}

// What a script asks for, and prints once it is there.
const std::string door_is_lacking =
    "place=$(printf '%064d' 7)/door.ipk; file=$CACHE/downloads/$place\n"
    "[ ! -e \"$file\" ] || { echo \"$file\"; exit; }\n"
    "printf '%s\\t%s\\t%s\\t%s\\n' \"$place\" - 100 \"http://nowhere.invalid/ $ADDRESS\"; exit 5\n";

TEST_F(PackageSourceTest, WhatAScriptLacksIsDownloaded) {
    FakeServer server(
        [](const std::string&) { return "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\ndoor 4\n"; });
    script("fetch.sh", "ADDRESS=" + server.url("/door") + "\n" + door_is_lacking);
    EXPECT_NE(complaint<InfraError>({.words = {"4"}}).find("an address of this host"), std::string::npos)
        << "the guest has named it";
    EXPECT_TRUE(server.requests().empty());
    script("fetch.sh", "ADDRESS=http://street.example/door\n" + door_is_lacking);
    ::setenv("CLAMPROOF_MIRRORS", ("http://street.example/=" + server.url("/")).c_str(), 1);
    const auto packages = get({.words = {"4"}});
    ::unsetenv("CLAMPROOF_MIRRORS");
    ASSERT_EQ(packages.size(), 1U);
    EXPECT_EQ(packages[0].version, "4");
}

TEST_F(PackageSourceTest, WhatAScriptLacksComesFromTheHostsOwnArchives) {
    script("mirrors.sh",
           "[ -z \"${DATABASE-}\" ] || { echo 'it has what the guest wrote' >&2; exit 1; }\n"
           "while read -r place _ _ address; do\n"
           "    mkdir -p \"$CACHE/downloads/${place%/*}\"; echo 'door 5' >\"$CACHE/downloads/$place\"\n"
           "done");
    script("fetch.sh", "ADDRESS=ftp://archive/door\n" + door_is_lacking);
    EXPECT_EQ(get({.words = {"5"}}).at(0).version, "5");
}

TEST_F(PackageSourceTest, AScriptThatAsksForNonsenseOrForEverIsEnded) {
    script("fetch.sh", "printf '../../door\\t-\\t1\\thttp://street.example/\\n'; exit 5");
    EXPECT_NE(complaint<InfraError>({.words = {"9"}}).find("no list of files"), std::string::npos);
    script("fetch.sh", "exit 5");
    EXPECT_NE(complaint<InfraError>({.words = {"9"}}).find("has asked for files 8 times"), std::string::npos);
}

TEST_F(PackageSourceTest, AFolderIsAskedForByItsWholePath) {
    const auto door = package("packages/door.ipk", "door 2");
    script("fetch.sh", "echo \"$WANTED/door.ipk\"");
    const std::string packages = fs::relative(door.parent_path()).string();
    EXPECT_EQ(get({.words = {packages}}).at(0).file, door);
    if (::geteuid() != 0) return;
    fs::permissions(packages, fs::perms::owner_all);
    EXPECT_EQ(complaint<InputError>({.words = {packages}}),
              packages +
                  " is not everybody's to read, and packages are not looked at as root: chmod -R a+rX " +
                  packages);
}

TEST_F(PackageSourceTest, TheDatabaseIsCopiedOnceForADisk) {
    const PackageWish wish{.words = {package("door.ipk", "door 2").string()}};
    get(wish);
    get(wish);
    EXPECT_EQ(copies_, 1);
    package("house-1/disk.qcow2", "door 1.1");
    SealedFolder::seal(image_.entry.folder, {"disk.qcow2"});
    get(wish);
    EXPECT_EQ(copies_, 2);
}

TEST_F(PackageSourceTest, TellsErrorsApart) {
    EXPECT_EQ(complaint<InputError>({.words = {"none/door.ipk"}}),
              "there is no file or folder none/door.ipk");
    const auto damaged = package("door.ipk", "damaged");
    EXPECT_EQ(complaint<InputError>({.words = {damaged.string()}}), damaged.string() + " is damaged");
    script("fetch.sh", "echo 'there is no version 9; there are: 1 2' >&2; exit 2");
    EXPECT_EQ(complaint<InputError>({.words = {"9"}}), "there is no version 9; there are: 1 2");
    script("fetch.sh", "echo 'the door needs a wall' >&2; exit 4");
    EXPECT_EQ(complaint<NotInstallable>({.words = {"9"}}),
              "there is no way to install this on house: the door needs a wall");
    script("fetch.sh", "echo 'the street is flooded' >&2; exit 1");
    EXPECT_EQ(complaint<InfraError>({.words = {"9"}}),
              "looking for 9 for house: fetch.sh exited with 1: the street is flooded");
    image_.definition.package_manager = "none";
    EXPECT_NE(complaint<InputError>({.words = {"9"}})
                  .find("packages for house cannot be looked for yet: there is no"),
              std::string::npos);
    image_.definition.package_manager = "";
    EXPECT_EQ(complaint<InputError>({.words = {"9"}}),
              "house names no package manager, so nothing can be installed over it");
}

TEST_F(PackageSourceTest, WhatNobodyReadIsForgotten) {
    const fs::path kept = folder_.path() / "kept";
    const PackageWish wish{.words = {package("door.ipk", "door 2").string()}};
    get(wish);
    EXPECT_EQ(PackageSource::forget(std::chrono::hours(1), kept), 0u);
    EXPECT_FALSE(fs::is_empty(kept / "opkg/databases"));
    EXPECT_GT(PackageSource::forget(std::chrono::hours(0), kept), 0u);
    EXPECT_TRUE(fs::is_empty(kept / "opkg/databases"));
    EXPECT_EQ(get(wish).size(), 1U) << "it is read again";
    EXPECT_EQ(PackageSource::forget(std::chrono::hours(0), kept / "none"), 0u);
}

TEST_F(PackageSourceTest, AFailedCopyOfTheDatabaseLeavesNone) {
    const CopyDatabase whole = copy_;
    copy_ = [&](const ImageDefinition& image, const fs::path& to) {
        whole(image, to);
        throw InfraError("the guest is gone");
    };
    const PackageWish wish{.words = {package("door.ipk", "door 2").string()}};
    EXPECT_EQ(complaint<InfraError>(wish), "the guest is gone");
    copy_ = whole;
    EXPECT_EQ(get(wish).size(), 1U);
    EXPECT_EQ(copies_, 2);
}

}  // namespace
}  // namespace clamproof
