#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "bisect/verdict_cache.h"
#include "cli/commands.h"
#include "guest/run_folder.h"
#include "image/build/package_pool.h"
#include "image/built_image.h"
#include "image/container_kind.h"
#include "image/definition.h"
#include "image/download/cloud_image.h"
#include "image/package_source.h"
#include "image/saved_state.h"
#include "image/store.h"
#include "results/exit_code.h"
#include "support/text.h"

namespace clamproof {
namespace {

// What a build or an import makes before it is complete, where nobody is at it any more.
void remove_if_left(const ImageStore& store, const fs::directory_entry& leftover) {
    const std::string name = leftover.path().filename();
    for (const char* work : {"building", "importing"}) {
        const auto at = name.find(fmt::format(".{}-", work));
        if (!leftover.is_directory() || at == std::string::npos || at == 0) continue;
        const std::string image = name.substr(1, at - 1);
        const auto lock = store.try_making(image);
        if (!lock) continue;
        remove_tree(leftover.path());
        fmt::print("removed what an interrupted {} of {} left\n",
                   work == std::string("building") ? "build" : "import", image);
    }
}

// @returns MiB
std::uint64_t remove_outdated_states(const StoreEntry& entry) {
    const auto before = entry.size_mib();
    for (const auto& folder : outdated_states(entry)) {
        remove_tree(folder);
        fmt::print("removed a warm state of {} that a later one took the place of\n", entry.name);
    }
    for (const auto& folder : forgotten_layers(entry)) {
        remove_tree(folder);
        fmt::print("removed packages installed over {} that nobody asked for in a week\n", entry.name);
    }
    return before - entry.size_mib();
}

// Of images that a definition names, the one that is pinned stays. @returns MiB
std::uint64_t remove_downloads(const Settings& settings, const std::vector<std::string>& names) {
    const CloudImages images;
    std::set<std::string> wanted;
    for (const auto& name : names) {
        const ImageDefinition image = load_image(settings.images, name);
        if (!image.cloud) continue;
        if (const auto pin = images.pinned(*image.cloud)) wanted.insert(pin->hex);
    }
    const std::uint64_t mib = images.remove_others(wanted) >> 20;
    if (mib > 0) fmt::print("removed downloaded images that no definition asks for: {} MiB\n", mib);
    return mib;
}

}  // namespace

int gc_command(const Settings& settings) {
    for (const auto& words : reap_dead_runs()) fmt::print("{}\n", words);
    const ImageStore store;
    const auto names = image_names(settings.images);
    for (const auto& entry : store.restore_interrupted())
        fmt::print("brought back {} ({}), whose update was interrupted\n", entry.name, entry.digest);
    std::uint64_t freed = 0;
    for (const auto& entry : store.entries()) {
        const auto claim = store.try_claim(entry);
        if (!claim) {
            fmt::print("passed by {} ({}), which {} uses\n", entry.name, entry.digest, store.users(entry));
            continue;
        }
        if (is_current(settings.images, entry.name, entry.digest)) {
            freed += remove_outdated_states(entry);
            continue;
        }
        const auto size = entry.size_mib();
        remove_tree(entry.folder);
        freed += size;
        fmt::print("removed {} ({}), which no definition asks for: {} MiB\n", entry.name, entry.digest, size);
    }
    for (const auto& leftover : fs::directory_iterator(store.folder())) remove_if_left(store, leftover);
    for (const auto& image : forget_containers(store))
        fmt::print("removed {} from the container engine, which no stored image asks for\n", image);
    if (const auto bytes = PackagePool::remove_others(store.package_digests()); bytes > 0) {
        fmt::print("removed packages of which no image is made: {} MiB\n", bytes >> 20);
        freed += bytes >> 20;
    }
    if (const auto bytes = PackageSource::forget(); bytes > 0) {
        fmt::print("removed archives' lists and packages that nobody asked for in a month: {} MiB\n",
                   bytes >> 20);
        freed += bytes >> 20;
    }
    freed += remove_downloads(settings, names);
    if (const auto keys = VerdictCache().forget(); keys > 0)
        fmt::print("forgot {} that nobody asked for in a month\n", counted(keys, "verdict"));
    fmt::print("{} MiB freed\n", freed);
    return Exit::AsExpected;
}

}  // namespace clamproof
