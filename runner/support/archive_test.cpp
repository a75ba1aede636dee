#include "support/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <map>

#include "support/error.h"
#include "support/process.h"

namespace clamproof {
namespace {

const auto never = [] { return false; };

class ArchiveTest : public testing::Test {
  protected:
    ArchiveTest() : folder_(testing::TempDir(), "archive-"), file_(folder_.path() / "house.tar.zst") {
        write_file(folder_.path() / "brick", std::string(300 << 10, 'b'));
    }

    void write(const fs::path& file) {
        ArchiveWriter writer(file);
        writer.add("plan.json", "{}");
        writer.add_file("wall/brick", folder_.path() / "brick", never);
        writer.close();
    }

    static std::string content(ArchiveReader& reader) {
        std::string text;
        reader.read([&](std::string_view piece) { text += piece; });
        return text;
    }

    clamproof::TempDir folder_;
    fs::path file_;
};

TEST_F(ArchiveTest, WhatIsWrittenIsRead) {
    write(file_);
    EXPECT_LT(fs::file_size(file_), 10'000u);
    ArchiveReader reader(file_);
    auto member = reader.next();
    ASSERT_TRUE(member);
    EXPECT_EQ(member->name, "plan.json");
    EXPECT_EQ(member->bytes, 2u);
    EXPECT_TRUE(member->plain);
    EXPECT_EQ(content(reader), "{}");
    member = reader.next();
    ASSERT_TRUE(member);
    EXPECT_EQ(member->name, "wall/brick");
    EXPECT_EQ(content(reader), read_file(folder_.path() / "brick"));
    EXPECT_FALSE(reader.next());
}

TEST_F(ArchiveTest, TheSameMembersMakeTheSameBytes) {
    write(file_);
    const std::string first = sha256_file(file_);
    write(file_);
    EXPECT_EQ(sha256_file(file_), first);
}

TEST_F(ArchiveTest, AnotherFileIsRefused) {
    write_file(file_, "no archive");
    try {
        ArchiveReader reader(file_);
        FAIL();
    } catch (const InputError& error) {
        EXPECT_NE(std::string(error.what()).find("not a file that clamproof image export has made"),
                  std::string::npos);
    }
    EXPECT_THROW(ArchiveReader(folder_.path() / "nowhere"), InputError);
}

TEST_F(ArchiveTest, ATruncatedOneIsNoticed) {
    write(file_);
    for (const auto cut : {fs::file_size(file_) / 2, std::uintmax_t{5}}) {
        fs::resize_file(file_, cut);
        try {
            ArchiveReader reader(file_);
            while (reader.next()) content(reader);
            FAIL() << cut;
        } catch (const InputError& error) {
            EXPECT_NE(std::string(error.what()).find("is damaged or cut short"), std::string::npos)
                << error.what();
        }
    }
}

TEST_F(ArchiveTest, ALinkIsNotPlain) {
    {
        const std::unique_ptr<archive, decltype(&archive_write_free)> raw(archive_write_new(),
                                                                          archive_write_free);
        archive_write_set_format_ustar(raw.get());
        archive_write_add_filter_zstd(raw.get());
        archive_write_open_filename(raw.get(), file_.c_str());
        const std::unique_ptr<archive_entry, decltype(&archive_entry_free)> link(archive_entry_new(),
                                                                                 archive_entry_free);
        archive_entry_set_pathname(link.get(), "plan.json");
        archive_entry_set_filetype(link.get(), AE_IFLNK);
        archive_entry_set_symlink(link.get(), "/etc/passwd");
        archive_write_header(raw.get(), link.get());
    }
    ArchiveReader reader(file_);
    const auto member = reader.next();
    ASSERT_TRUE(member);
    EXPECT_FALSE(member->plain);
}

TEST_F(ArchiveTest, WhatCannotBeWrittenOrReadIsSaid) {
    EXPECT_THROW(ArchiveWriter(folder_.path() / "nowhere/house"), InfraError);
    ArchiveWriter writer(file_);
    EXPECT_THROW(writer.add_file("gone", folder_.path() / "gone", never), InfraError);
    EXPECT_THROW(writer.add_file("brick", folder_.path() / "brick", [] { return true; }), InfraError);
    ArchiveWriter full("/dev/full");
    EXPECT_THROW(
        {
            full.add("plan.json", "{}");
            full.close();
        },
        InfraError);
}

}  // namespace

namespace {

class UnpackTest : public testing::Test {
  protected:
    UnpackTest() : folder_(testing::TempDir(), "unpack-") {
        write_file(folder_.path() / "secret", "do not write here\n");
        make_folder(tree() / "house");
        make_folder(to());
        write_file(tree() / "house" / "door", "a door\n");
        fs::create_symlink(folder_.path() / "secret", tree() / "house" / "link");
    }

    void pack(std::vector<std::string> words) {
        words.insert(words.begin(), {"tar", "-C", tree().string(), "-f", archive().string()});
        run_checked("packing", {.argv = std::move(words)});
    }

    std::string complaint(std::uint64_t largest = 1000) {
        try {
            unpack_files(archive(), to(), largest);
        } catch (const InputError& error) {
            return error.what();
        }
        return "none";
    }

    fs::path tree() const { return folder_.path() / "tree"; }
    fs::path to() const { return folder_.path() / "to"; }
    fs::path archive() const { return folder_.path() / "archive"; }

    clamproof::TempDir folder_;
};

TEST_F(UnpackTest, FilesArePutWhereTheyBelong) {
    for (const char* how : {"-c", "-cz"}) {
        pack({how, "house"});
        unpack_files(archive(), to(), 7);
        EXPECT_EQ(read_file(to() / "house/door"), "a door\n");
        EXPECT_FALSE(fs::exists(fs::symlink_status(to() / "house/link"))) << "links are not made";
        fs::remove_all(to() / "house");
    }
}

TEST_F(UnpackTest, NothingIsWrittenElsewhere) {
    pack({"-cP", "--transform", "s,house,../elsewhere,", "house/door"});
    EXPECT_NE(complaint().find("holds a file ../elsewhere/door, which is not below"), std::string::npos);
    pack({"-cP", "--transform", "s,^," + folder_.path().string() + "/,", "house/door"});
    EXPECT_NE(complaint().find("which is not below"), std::string::npos);
    EXPECT_FALSE(fs::exists(folder_.path() / "elsewhere"));
    EXPECT_FALSE(fs::exists(folder_.path() / "house"));
}

// First the link, then a file through it.
TEST_F(UnpackTest, NoLinkLeadsOut) {
    pack({"-c", "house/link"});
    fs::remove(tree() / "house/link");
    write_file(tree() / "house/link", "overwritten\n");
    pack({"-r", "house/link"});
    unpack_files(archive(), to(), 1000);
    EXPECT_EQ(read_file(folder_.path() / "secret"), "do not write here\n");
    EXPECT_EQ(read_file(to() / "house/link"), "overwritten\n");
}

TEST_F(UnpackTest, RefusesMoreFilesThanAnybodyNeeds) {
    std::string names;
    for (int i = 0; i < 20'001; ++i) names += "house\n";
    write_file(folder_.path() / "names", names);
    pack({"-c", "--no-recursion", "-T", (folder_.path() / "names").string()});
    EXPECT_NE(complaint().find("holds more than 20000 files"), std::string::npos) << complaint();
}

TEST_F(UnpackTest, TheOneFileOfAnArchiveIsReadAsFarAsItGoes) {
    const auto packed = [&](const std::string& name, std::size_t bytes) {
        pack({"-c", "--no-recursion", name});
        return packed_file(read_file(archive()).substr(0, bytes));
    };
    EXPECT_EQ(packed("house/door", 10000), "a door\n");
    write_file(tree() / "house/large", std::string(100'000, 'x'));
    EXPECT_EQ(packed("house/large", 512 + 1024), std::string(1024, 'x')) << "it was cut off";
    fs::resize_file(tree() / "house/large", std::uintmax_t{1} << 40);
    pack({"-c", "--sparse", "house/large"});
    const auto sparse = packed_file(read_file(archive()));
    ASSERT_TRUE(sparse);
    EXPECT_TRUE(sparse->starts_with(std::string(100'000, 'x')));
    EXPECT_LT(sparse->size(), 200'000U) << "what it claims is not believed";
    run_checked("making a pipe", {.argv = {"mkfifo", (tree() / "house/pipe").string()}});
    for (const char* other : {"house", "house/link", "house/pipe"})
        EXPECT_EQ(packed(other, 10000), std::nullopt) << other;
    EXPECT_EQ(packed_file("no archive at all"), std::nullopt);
}

TEST_F(UnpackTest, RefusesWhatIsTooLargeOrDamaged) {
    pack({"-cz", "house"});
    EXPECT_NE(complaint(6).find("holds more than it may"), std::string::npos);
    const std::string whole = read_file(archive());
    write_file(archive(), whole.substr(0, whole.size() / 2));
    EXPECT_NE(complaint().find("is damaged or cut short"), std::string::npos);
    write_file(archive(), "no archive at all, but long enough to look like something\n");
    EXPECT_NE(complaint().find("is damaged or cut short"), std::string::npos);
}

}  // namespace

namespace {

struct Found {
    std::string content, target;
    unsigned mode = 0;
    long long owner = 0;
};

// As the library reads it back.
std::map<std::string, Found> read_back(const fs::path& file) {
    std::map<std::string, Found> all;
    archive* handle = archive_read_new();
    archive_read_support_format_iso9660(handle);
    EXPECT_EQ(archive_read_open_filename(handle, file.c_str(), 2048), ARCHIVE_OK);
    for (archive_entry* entry = nullptr; archive_read_next_header(handle, &entry) == ARCHIVE_OK;) {
        Found found{.content = std::string(static_cast<std::size_t>(archive_entry_size(entry)), '\0'),
                    .target = archive_entry_symlink(entry) ? archive_entry_symlink(entry) : "",
                    .mode = archive_entry_perm(entry),
                    .owner = archive_entry_uid(entry)};
        archive_read_data(handle, found.content.data(), found.content.size());
        all[archive_entry_pathname(entry)] = found;
    }
    archive_read_free(handle);
    return all;
}

TEST(IsoImage, KeepsNamesModesAndLinks) {
    const clamproof::TempDir folder(testing::TempDir(), "iso-");
    const fs::path file = folder.path() / "seed.iso";
    {
        IsoImage image(file, "CIDATA");
        image.add("user-data", "#!/bin/sh\n", 0755);
        image.add("files/etc/systemd/system/a-rather-long-name.service.d/selinux.conf", "text");
        image.add_link("files/etc/link", "../nowhere");
        image.close();
    }
    auto found = read_back(file);
    EXPECT_EQ(found["user-data"].content, "#!/bin/sh\n");
    EXPECT_EQ(found["user-data"].mode, 0755u);
    const auto& deep = found["files/etc/systemd/system/a-rather-long-name.service.d/selinux.conf"];
    EXPECT_EQ(deep.content, "text");
    EXPECT_EQ(deep.mode, 0644u);
    EXPECT_EQ(deep.owner, 0);
    EXPECT_EQ(found["files/etc/link"].target, "../nowhere");
    EXPECT_EQ(read_file(file).substr(0x8000 + 40, 6), "CIDATA");
}

TEST(IsoImage, NamesWhatItCannotWrite) {
    EXPECT_THROW(IsoImage("/nonexistent/seed.iso", "CIDATA"), InfraError);
}

}  // namespace

}  // namespace clamproof
