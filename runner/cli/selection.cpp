#include "cli/selection.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>
#include <thread>

#include "casefile/case.h"
#include "cli/interrupt.h"
#include "image/built_image.h"
#include "image/kind.h"
#include "reports/log_files.h"
#include "run/durations.h"
#include "run/plan.h"
#include "support/error.h"
#include "support/text.h"

namespace clamproof {
namespace {

std::optional<std::string> variable(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
}

std::vector<std::string> each_once(std::vector<std::string> names) {
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

}  // namespace

std::vector<std::string> select_images(const Settings& settings, const std::vector<std::string>& patterns) {
    const auto names = image_names(settings.images);
    if (patterns.empty()) return names;
    std::vector<std::string> selected;
    for (const auto& pattern : patterns) {
        const auto twin = trimmed_twin(pattern);
        for (auto& name : select_by_globs({twin.value_or(pattern)}, names, "image"))
            selected.push_back(twin ? untrimmed_twin(name) : name);
    }
    return each_once(std::move(selected));
}

std::vector<std::string> select_images_to_run(const Settings& settings,
                                              const std::vector<std::string>& patterns) {
    auto names = select_images(settings, patterns);
    // Nobody's run of everything is to hang on a vendor's server, or on what an archive is like today; nor is
    // it to run every case anew on an image that is there for one of them.
    if (patterns.empty())
        std::erase_if(names, [&](const std::string& name) {
            const ImageDefinition image = load_image(settings.images, name);
            return image.only_where_named || image.cloud.has_value() || image.takes_old_lists;
        });
    return names;
}

std::vector<std::string> select_images_to_run(const Settings& settings, const RunOptions& options) {
    auto names = select_images_to_run(settings, options.images);
    if (!options.untrimmed) return names;
    std::transform(names.begin(), names.end(), names.begin(), untrimmed_twin);
    return each_once(std::move(names));
}

Plan make_plan(const Settings& settings, const RunOptions& options) {
    Plan plan;
    const auto names = select_images_to_run(settings, options);
    const std::vector<Fact> told = load_facts(settings.images);
    const std::vector<Case> all = load_cases(settings.cases, told);
    for (const auto& name : names) {
        plan.images.push_back(load_image(settings.images, name));
        plan.images.back().asked = facts_brought_by(settings.cases, told);
    }
    for (const auto& one : all) library_of(settings.cases, one);
    if (!options.install.empty()) plan.layers = {{.packages = read_packages(options.install)}};
    plan.called = called_of(settings);
    plan.quick = options.quick;
    plan.cases = select_cases(all, options.cases);
    if (!options.known.empty()) plan.known = load_known(options.known, all);
    plan.variants = read_variant_filter(options.variants, plan.cases);
    // A run of nothing would end well, and a misspelt job of a CI with it.
    if (std::all_of(plan.cases.begin(), plan.cases.end(),
                    [&](const Case& one) { return expand(one.matrix, plan.variants).empty(); }))
        throw InputError(fmt::format("no case has a variant like {} at once: there is nothing to run",
                                     fmt::join(options.variants, " ")));
    return plan;
}

std::optional<Shard> shard_of(const RunOptions& options) {
    if (options.shard.empty()) return std::nullopt;
    return read_shard(options.shard, variable);
}

void keep_shard(Plan& plan, const Shard& shard, const std::string& durations_file) {
    std::optional<Durations> durations;
    if (!durations_file.empty()) durations = Durations::of(durations_file);
    restrict_to_shard(plan, shard,
                      [&](const CellId& cell) { return durations ? durations->known(cell) : std::nullopt; });
}

RunHooks run_hooks(const Settings& settings, std::function<void(const Event&)> on_event) {
    return {
        .on_event = std::move(on_event),
        .evidence_folder = [out = settings.out](
                               const CellId& cell) { return (out / log_folder(cell) / "evidence").string(); },
        .is_built =
            [](const ImageDefinition& image) {
                const auto built = find_built(image, patient_store(), [](const std::string&) {});
                return built && !built->facts.empty();
            }};
}

ImageStore patient_store() {
    return ImageStore(cache_folder() / "images", {.cancelled = interrupted, .say = say});
}

int available_mib() {
    std::ifstream info("/proc/meminfo");
    std::string word;
    for (long value = 0; info >> word;) {
        if (word == "MemAvailable:" && info >> value) return static_cast<int>(value / 1024);
        info.ignore(256, '\n');
    }
    return 1024;
}

GuestLoad load_of(const std::vector<ImageDefinition>& images) {
    GuestLoad load{.light = true};
    for (const auto& image : images) {
        load.mib = std::max(load.mib, image.memory_mib);
        load.light = load.light && kind_of(image).is_light();
    }
    return load;
}

int worker_count(const Settings& settings, int asked, const GuestLoad& load, std::string& why) {
    if (!settings.connect.empty()) {
        why = "one hypervisor runs one guest of an image at a time";
        return 1;
    }
    if (asked > 0) {
        why = "asked for";
        return asked;
    }
    // A guest's memory, what QEMU needs beside it, and the saved states that the page cache should keep.
    const int cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    const int by_memory = std::max(1, available_mib() / (2 * load.mib + 512));
    why = fmt::format("{} cores, {} MiB of memory available", cores, available_mib());
    // One container a core leaves a fifth of the cores idle (ci/README.md).
    return std::min(load.light ? 2 * cores : cores, by_memory);
}

Settings absolute(Settings settings) {
    settings.out = std::filesystem::absolute(settings.out);
    return settings;
}

std::vector<std::string> worker_argv(const Settings& settings) {
    std::vector<std::string> argv = {"/proc/self/exe",      "worker",  "--out",
                                     settings.out.string(), "--accel", settings.accelerator,
                                     "--only-own"};
    for (const auto& folder : settings.images.list) argv.insert(argv.end(), {"--images", folder.string()});
    for (const auto& folder : settings.cases.list) argv.insert(argv.end(), {"--cases", folder.string()});
    argv.insert(argv.end(), {"--called", settings.program});
    if (!settings.connect.empty()) argv.insert(argv.end(), {"--connect", settings.connect});
    if (settings.capsules) argv.emplace_back("--capsule");
    argv.insert(argv.end(), {"--repeat", std::to_string(settings.repeat)});
    return argv;
}

}  // namespace clamproof
