#include "cli/database_copier.h"

#include "cli/interrupt.h"
#include "guest/hypervisor.h"
#include "guest/run_folder.h"
#include "image/package_database.h"
#include "image/prepare.h"

namespace clamproof {

CopyDatabase database_copier(const Settings& settings) {
    return [settings](const ImageDefinition& definition, const fs::path& folder) {
        const RunFolder runs;
        const std::jthread watch = end_guests_when(interrupted, runs);
        Hypervisor hypervisor(settings.connect.empty() ? embedded_uri(runs.sockets()) : settings.connect);
        const auto image = prepare_image(definition, ImageStore(), hypervisor, runs, settings.accelerator, {},
                                         [](const std::string&) {});
        copy_package_database(*image->fork(image->pristine()), definition, folder);
    };
}

}  // namespace clamproof
