#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/selection.h"
#include "image/definition.h"
#include "image/download/cloud_image.h"
#include "results/exit_code.h"
#include "support/error.h"

namespace clamproof {
namespace {

void ask_publisher(const ImageDefinition& image) {
    const CloudImages images(cache_folder(), download_options_here());
    const Checksum today = images.published(*image.cloud);
    const auto pin = images.pinned(*image.cloud);
    fmt::print("{}: its publisher vouches for {}, {}\n", image.name, today.text(),
               !pin            ? "which was never used here"
               : *pin == today ? "as it was used here"
                               : "another one than was used here");
}

}  // namespace

// All of them are looked at, so that one mistake does not hide the next.
int image_check_command(const Settings& settings, const std::vector<std::string>& names) {
    bool wrong = false, silent = false;
    for (const auto& name : select_images(settings, names)) {
        try {
            const ImageDefinition image = load_image(settings.images, name);
            fmt::print("{}: its definition is good ({})\n", name, image.digest);
            if (image.cloud) ask_publisher(image);
        } catch (const InputError& error) {
            fmt::print(stderr, "{}: {}\n", name, error.what());
            wrong = true;
        } catch (const InfraError& error) {
            fmt::print(stderr, "{}: {}\n", name, error.what());
            silent = true;
        }
    }
    return wrong ? Exit::BadInput : silent ? Exit::HarnessTrouble : Exit::AsExpected;
}

}  // namespace clamproof
