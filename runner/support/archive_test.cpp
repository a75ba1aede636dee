#include "support/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include "support/error.h"

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
}  // namespace clamproof
