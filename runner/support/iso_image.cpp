#include "support/iso_image.h"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include "support/error.h"

namespace clamproof {

struct IsoImage::State {
    fs::path file;
    std::unique_ptr<archive, decltype(&archive_write_free)> handle{archive_write_new(), archive_write_free};

    void check(int result) const {
        if (result == ARCHIVE_OK) return;
        const char* words = archive_error_string(handle.get());
        throw InfraError(fmt::format("cannot write {}: {}; is there space?", file.string(),
                                     words ? words : "no reason given"));
    }

    void option(const char* key, const char* value) const {
        check(archive_write_set_option(handle.get(), nullptr, key, value));
    }
};

namespace {

using Entry = std::unique_ptr<archive_entry, decltype(&archive_entry_free)>;

Entry entry_of(const std::string& name, unsigned type, int mode) {
    Entry entry(archive_entry_new(), archive_entry_free);
    archive_entry_set_pathname(entry.get(), name.c_str());
    archive_entry_set_filetype(entry.get(), type);
    archive_entry_set_perm(entry.get(), static_cast<__LA_MODE_T>(mode));
    archive_entry_set_uid(entry.get(), 0);
    archive_entry_set_gid(entry.get(), 0);
    archive_entry_set_mtime(entry.get(), 0, 0);
    return entry;
}

}  // namespace

IsoImage::IsoImage(const fs::path& file, const std::string& label) : state_(std::make_unique<State>()) {
    state_->file = file;
    state_->check(archive_write_set_format_iso9660(state_->handle.get()));
    state_->option("volume-id", label.c_str());
    state_->option("rockridge", "strict");  // modes as they are given
    state_->check(archive_write_open_filename(state_->handle.get(), file.c_str()));
}

IsoImage::~IsoImage() = default;

void IsoImage::add(const std::string& name, std::string_view content, int mode) {
    const Entry entry = entry_of(name, AE_IFREG, mode);
    archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
    state_->check(archive_write_header(state_->handle.get(), entry.get()));
    while (!content.empty()) {
        const la_ssize_t n = archive_write_data(state_->handle.get(), content.data(), content.size());
        if (n <= 0) state_->check(ARCHIVE_FATAL);
        content.remove_prefix(static_cast<std::size_t>(n));
    }
}

void IsoImage::add_link(const std::string& name, const std::string& target) {
    const Entry entry = entry_of(name, AE_IFLNK, 0777);
    archive_entry_set_symlink(entry.get(), target.c_str());
    state_->check(archive_write_header(state_->handle.get(), entry.get()));
}

void IsoImage::close() {
    state_->check(archive_write_close(state_->handle.get()));
}

}  // namespace clamproof
