#include "image/download/wanted_file.h"

#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <iterator>
#include <sstream>

#include "image/build/mirrors.h"
#include "support/text.h"

namespace clamproof {

std::vector<WantedFile> wanted_files(const std::string& lines) {
    constexpr std::size_t most = 5000;
    static const re2::RE2 form(
        "([0-9a-f]{64}/[[:alnum:]][[:alnum:]%+,._~^:-]*)\t(?:([0-9a-f]{64})|-)\t([0-9]{1,15})\t([!-~ ]+)");
    std::vector<WantedFile> files;
    for (const auto& line : lines_of(lines)) {
        WantedFile& file = files.emplace_back();
        std::string addresses;
        if (files.size() > most ||
            !re2::RE2::FullMatch(line, form, &file.place, &file.digest, &file.largest, &addresses))
            throw InfraError("what is asked for to look for packages is no list of files to download");
        std::istringstream words(addresses);
        file.addresses.assign(std::istream_iterator<std::string>(words), {});
    }
    return files;
}

std::uint64_t download_wanted(const WantedFile& file, const fs::path& folder, DownloadOptions options) {
    const fs::path place = folder / file.place, part = place.string() + ".part";
    make_folder(place.parent_path());
    options.largest_bytes = std::min(options.largest_bytes, file.largest);
    std::string trouble = "nothing to download " + file.place + " from";
    for (const auto& address : file.addresses) try {
            fs::remove(part);
            const std::string from = mirrored_here(address);
            options.public_alone = from == address;
            const std::string digest = download_file(from, part, DigestKind::Sha256, options);
            if (!file.digest.empty() && digest != file.digest)
                throw DownloadFailed(fmt::format("{} is not what its index vouches for", from));
            rename_path(part, place);
            return fs::file_size(place);
        } catch (const DownloadFailed& error) {
            trouble = error.what();
        }
    throw DownloadFailed(trouble);
}

}  // namespace clamproof
