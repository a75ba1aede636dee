#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/selection.h"
#include "image/snapshots.h"
#include "image/transfer/transfer.h"
#include "results/exit_code.h"
#include "support/clock.h"
#include "support/error.h"

namespace clamproof {
int image_export_command(const Settings& settings, const std::string& name, const std::string& file) {
    const auto names = select_images(settings, {name});
    if (names.size() > 1)
        throw InputError(fmt::format("\"{}\" names {} images; a file holds one", name, names.size()));
    const ImageDefinition image = load_image(settings.images, names.front());
    if (!kind_of(image).can_be_exported())
        throw InputError(
            fmt::format("{0} is of a container, and such images do not travel: clamproof image build {0} "
                        "makes it where it is wanted",
                        image.name));
    const auto ready = find_ready(image, ImageStore(), settings.accelerator, say);
    if (!ready)
        throw InfraError(fmt::format("{} is not ready on this host: run clamproof image build {} first",
                                     image.name, image.name));
    const fs::path target =
        file.empty() ? fs::path(fmt::format("{}-{}.tar.zst", image.name, image.digest)) : fs::path(file);
    return unless_interrupted([&] {
        const Stopwatch watch;
        const std::uint64_t bytes = export_image(*ready, target, interrupted);
        fmt::print("exported {} ({}) to {}: {:.0f} MB in {:.1f} s\n", image.name, image.digest,
                   target.string(), static_cast<double>(bytes) / 1e6, watch.seconds());
        return Exit::AsExpected;
    });
}

int image_import_command(const Settings& settings, const std::string& file) {
    return unless_interrupted([&] {
        const Stopwatch watch;
        const Imported imported = import_image(
            file, patient_store(),
            {.images = settings.images, .accelerator = settings.accelerator, .cancelled = interrupted});
        if (!imported.trouble.empty())
            say(fmt::format("the warm state of {} {}; it boots once more", imported.image, imported.trouble));
        fmt::print("{} is {} ({}), {} {:.1f} s\n", imported.image, imported.warm ? "ready" : "built",
                   imported.digest, imported.stored ? "imported in" : "as it was before: looked at for",
                   watch.seconds());
        return Exit::AsExpected;
    });
}

}  // namespace clamproof
