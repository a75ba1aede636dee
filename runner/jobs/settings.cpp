#include "jobs/settings.h"

namespace clamproof {

Called called_of(const Settings& settings) {
    Called called{.program = settings.program};
    auto& options = called.options;
    const bool alone =
        !settings.images.has(settings.shipped_images) || !settings.cases.has(settings.shipped_cases);
    const auto name = [&](const char* option, const Folders& folders, const Folders& shipped) {
        const bool by_default = folders.list.size() == 1 && shipped.has(folders.list.front());
        for (const auto& folder : folders.list)
            if (!by_default && (alone || !shipped.has(folder)))
                options.insert(options.end(), {option, folder.string()});
    };
    name("--images", settings.images, settings.shipped_images);
    name("--cases", settings.cases, settings.shipped_cases);
    if (alone) options.emplace_back("--only-own");
    if (settings.accelerator != "auto") options.insert(options.end(), {"--accel", settings.accelerator});
    if (!settings.connect.empty()) options.insert(options.end(), {"--connect", settings.connect});
    return called;
}

}  // namespace clamproof
