#include "cli/open_capsule.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/interrupt.h"
#include "support/error.h"
#include "support/text.h"

namespace clamproof {
namespace {

// Anybody may have written it: it is for a person to read, who then types it.
std::string replay_of(const CapsuleLabel& label) {
    return fmt::format("the same state, come to anew: {}", terminal_text(label.replay));
}

}  // namespace

bool names_capsule(const std::string& name) {
    std::error_code ignored;
    return name.ends_with(".capsule") || fs::is_regular_file(name, ignored);
}

ImageDefinition image_of(const Capsule& capsule, const Settings& settings) {
    const CapsuleLabel& label = capsule.label();
    if (!is_defined(settings.images, label.image))
        throw InputError(fmt::format("the capsule is of the image {}, which {} does not define",
                                     terminal_text(label.image), settings.images.text()));
    ImageDefinition image = load_image(settings.images, label.image);
    if (image.digest != label.digest)
        throw InputError(fmt::format("the capsule is of {} as it was ({}), not as {} defines it now ({})\n{}",
                                     label.image, label.digest, settings.images.text(), image.digest,
                                     replay_of(label)));
    return image;
}

std::unique_ptr<Guest> guest_of(Capsule& capsule, Snapshot& image, const RunFolder& folder) {
    if (const std::string other = difference(capsule.label().origin, image.origin()); !other.empty())
        throw InfraError(fmt::format("the capsule {}\n{}", other, replay_of(capsule.label())));
    const fs::path unpacked = folder.files() / "capsule";
    make_folder(unpacked);
    let_through(unpacked);
    return image.fork(capsule.unpack(unpacked, image.built().entry.disk(), interrupted));
}

}  // namespace clamproof
