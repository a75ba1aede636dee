#include "cli/database_copier.h"

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "guest/run_folder.h"
#include "image/package_source.h"
#include "image/snapshots.h"

namespace clamproof {

CopyDatabase database_copier(const Settings& settings) {
    return [settings](const ImageDefinition& definition, const fs::path& folder) {
        const RunFolder runs;
        const std::jthread watch = end_guests_when(interrupted, runs);
        Snapshots snapshots(runs, {.accelerator = settings.accelerator,
                                   .connect = settings.connect,
                                   .cancelled = interrupted,
                                   .say = say});
        copy_package_database(*snapshots.open(definition)->open(), definition, folder);
    };
}

}  // namespace clamproof
