#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>

#include <map>

#include "support/archive.h"
#include "support/error.h"

namespace clamproof {
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
