/// Images that their publishers offer for download: fetched once, checked, pinned, and kept below
/// $XDG_CACHE_HOME/clamproof:
///
///     downloads/HEX         a whole image, by its digest
///     downloads/HEX.part    what has come of one
///     pins.json             the digest that each address had when it was first used
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "image/definition.h"
#include "image/download/download.h"
#include "image/download/verification.h"

namespace clamproof {

class CloudImages {
  public:
    /// @param folder that holds all of the above; @param options of every download.
    explicit CloudImages(fs::path folder = cache_folder(), DownloadOptions options = {});

    /// The digest that the publisher vouches for today: by the checksum file, its signature checked.
    /// @throws InfraError where it cannot be had or is not to be trusted.
    Checksum published(const CloudSource& source) const;

    /// The image, from the folder where it is there, which needs no network: what was pinned, or else the
    /// dated one, or, with a word about it, where that is not offered any more, what is published today. Pins
    /// it.
    /// @throws InfraError where it cannot be had, is not what was pinned or published, or is no disk that a
    /// guest can be made of (see first_boot.h). Nothing of it stays then but what can be gone on with.
    fs::path fetch(const CloudSource& source) const;

    /// Pins what is published today. @returns whether that is another image than was pinned before; false for
    /// one that was never used. @throws InfraError.
    bool update(const CloudSource& source) const;

    /// The pinned digest; nothing where the image was never used. @throws InfraError.
    std::optional<Checksum> pinned(const CloudSource& source) const { return pins_.find(source.image); }

    /// Removes every download but those of these digests. @returns bytes. @throws InfraError.
    std::uint64_t remove_others(const std::set<std::string>& digests) const;

  private:
    Checksum wanted(const CloudSource& source) const;
    bool has(const Checksum& checksum) const;
    // Downloads what is not there, and pins it.
    fs::path take(const CloudSource& source, const std::string& address, const Checksum& checksum) const;
    void download(const std::string& url, const Checksum& checksum, const fs::path& file) const;

    fs::path folder_;
    Pins pins_;
    DownloadOptions options_;
};

/// DownloadOptions with the stall time-out of $CLAMPROOF_STALL_SECONDS, where that is set.
/// @throws InputError where it is no number of seconds.
DownloadOptions download_options_here();

}  // namespace clamproof
