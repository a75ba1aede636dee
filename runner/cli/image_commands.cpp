#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>

#include "cli/commands.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/selection.h"
#include "guest/run_folder.h"
#include "image/build/build_plan.h"
#include "image/build/cloud.h"
#include "image/definition.h"
#include "image/download/cloud_image.h"
#include "image/snapshots.h"
#include "image/transfer/transfer.h"
#include "jobs/pool.h"
#include "reports/summary.h"
#include "results/exit_code.h"
#include "run/run.h"
#include "support/clock.h"
#include "support/error.h"
#include "support/text.h"

namespace clamproof {
namespace {

int image_list_as_json(const Settings& settings) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const auto& name : image_names(settings.images)) {
        const ImageDefinition image = load_image(settings.images, name);
        list.push_back({{"name", name},
                        {"digest", image.digest},
                        {"built", find_built(image, ImageStore(), say).has_value()}});
    }
    fmt::print("{}\n", list.dump());
    return Exit::AsExpected;
}

// A line of `image show`.
std::string origin_of(const ImageDefinition& image) {
    if (!image.cloud) return fmt::format("suite    {} {}", image.suite, fmt::join(image.pockets, " "));
    const auto pin = CloudImages().pinned(*image.cloud);
    return fmt::format("image    {} ({})", image.cloud->image, pin ? pin->text() : "never used");
}

// @returns MiB
std::uint64_t remove_unused(const ImageStore& store, const StoreEntry& entry) {
    const FileLock claim = store.claim(entry);
    const std::uint64_t mib = entry.size_mib();
    remove_tree(entry.folder);
    return mib;
}

// What was built of another disk, or of the packages of another day, makes room.
void update(const ImageDefinition& image) {
    if (image.cloud) {
        const CloudImages images(cache_folder(), download_options_here());
        if (!images.update(*image.cloud)) return;
        say(fmt::format("{} has changed to {}", image.cloud->image, images.pinned(*image.cloud)->text()));
    }
    patient_store().set_aside(image);
}

std::string day_of(const fs::path& file) {
    const auto written = std::chrono::file_clock::to_sys(fs::last_write_time(file));
    return fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::chrono::system_clock::to_time_t(
                                          std::chrono::time_point_cast<std::chrono::seconds>(written))));
}

// @returns whether the image is there after all: as it was before the update
bool keep_last_good(const ImageDefinition& image) {
    const ImageStore store = patient_store();
    const auto former = store.restore(image);
    if (!former) return false;
    const auto built = known_of(image, *former);
    const auto clamd = built.facts.find("clamd");
    say(fmt::format("{} stays as it was built on {}{}; its packages are named in {}", image.name,
                    day_of(former->lock_file()),
                    clamd == built.facts.end() ? "" : ", with clamd " + one_line(clamd->second),
                    former->lock_file().string()));
    return true;
}

}  // namespace

// A run of no cases: every image is made ready.
int image_build_command(const Settings& settings, const std::vector<std::string>& names, int jobs,
                        bool anew) {
    Plan plan;
    for (const auto& entry : patient_store().restore_interrupted())
        say(fmt::format("brought back {} ({}), whose update was interrupted", entry.name, entry.digest));
    for (const auto& name : select_images_to_run(settings, names)) {
        const ImageDefinition image = load_image(settings.images, name);
        if (anew) update(image);
        // Another libvirt has to be asked; and to start the one in a worker takes longer than to look.
        if (settings.connect.empty() && find_ready(image, ImageStore(), settings.accelerator, say)) {
            fmt::print("{} is ready ({})\n", image.name, image.digest);
            continue;
        }
        plan.images.push_back(image);
    }
    if (plan.images.empty()) return Exit::AsExpected;
    catch_interrupts();
    std::string why;
    GuestLoad load;  // a build keeps a core busy whatever it makes
    for (const auto& image : plan.images)
        load.mib = std::max({load.mib, image.memory_mib, build_memory_mib(image)});
    const int workers = worker_count(settings, jobs, load, why);
    const auto progress = make_progress({});
    for (const auto& words : reap_dead_runs()) say(words);
    std::map<std::string, std::string> failed;  // image → why
    RunResults run;
    WorkerPool pool(worker_argv(settings), std::min(workers, static_cast<int>(plan.images.size())));
    Dispatcher dispatcher(pool, dispatch_hooks(interrupted, called_of(settings)));
    Durations durations;
    const auto on_event = [&](const Event& event) {
        progress->on(event);
        if (const auto* image = std::get_if<ImageFailed>(&event)) failed[image->image] = image->why;
    };
    run_plan(plan, dispatcher, run_hooks(settings, on_event), durations, run);
    pool.finish();
    progress->finish();
    for (const auto& image : run.images) fmt::print("{} is ready ({})\n", image.name, image.digest);
    for (const auto& [name, reason] : failed) say(fmt::format("{}: {}", name, reason));
    if (anew)
        for (const auto& image : plan.images)
            if (keep_last_good(image)) failed.erase(image.name);
    return run.interrupted ? Exit::Interrupted : failed.empty() ? Exit::AsExpected : Exit::HarnessTrouble;
}

int image_list_command(const Settings& settings, bool as_json) {
    if (as_json) return image_list_as_json(settings);
    const ImageStore store;
    for (const auto& name : image_names(settings.images)) {
        const ImageDefinition image = load_image(settings.images, name);
        const auto built = find_built(image, store, say);
        fmt::print("{:<24} {:<50} {}\n", name, image.title,
                   built ? fmt::format("built, {} MiB", built->entry.size_mib()) : "not built");
    }
    for (const auto& entry : store.entries()) {
        const bool known = is_current(settings.images, entry.name, entry.digest);
        if (known && trimmed_twin(entry.name))
            fmt::print("{:<24} {:<50} built, {} MiB\n", entry.name, "the same without trims",
                       entry.size_mib());
        if (!known)
            fmt::print("{:<24} of another definition ({}), {} MiB; clamproof gc removes it\n", entry.name,
                       entry.digest, entry.size_mib());
    }
    return Exit::AsExpected;
}

int image_show_command(const Settings& settings, const std::string& name) {
    const auto names = select_images(settings, {name});
    for (const auto& each : names) {
        const ImageDefinition image = load_image(settings.images, each);
        fmt::print(
            "{}: {}\n  kind     {}\n  digest   {}\n  {}\n  lsm      {}\n  init     {}\n  memory   {} MiB, {} "
            "vCPU\n",
            each, image.title, image.kind, image.digest, origin_of(image), image.lsm, image.init,
            image.memory_mib, image.vcpus);
        const auto built = find_built(image, ImageStore(), say);
        if (!built) {
            fmt::print("  not built: clamproof image build {}\n", each);
            continue;
        }
        fmt::print("  stored   {} ({} MiB)\n", built->entry.folder.string(), built->entry.size_mib());
        for (const auto& [key, value] : built->facts)
            fmt::print("  fact     {} = {}\n", one_line(key), one_line(value));
        for (const auto& [package, version] : built->packages)
            fmt::print("  package  {} {}\n", one_line(package), one_line(version));
    }
    return Exit::AsExpected;
}

int image_remove_command(const Settings& settings, const std::vector<std::string>& names) {
    const auto known = select_images(settings, names);
    return unless_interrupted([&] {
        const ImageStore store = patient_store();
        for (const auto& entry : store.entries()) {
            if (std::find(known.begin(), known.end(), entry.name) == known.end()) continue;
            fmt::print("removed {} ({}), {} MiB\n", entry.name, entry.digest, remove_unused(store, entry));
        }
        return Exit::AsExpected;
    });
}

namespace {

void tell(const std::string& text) {
    fmt::print("    {}\n", terminal_text(text));
}

// What publishers of images vouch for today. Whoever is without a network is told so once.
class Publishers {
  public:
    void ask(const CloudSource& source) {
        if (out_of_reach_) return;
        try {
            tell_what_is_published(source);
        } catch (const NotThere&) {
            throw;
        } catch (const DownloadFailed& error) {
            out_of_reach_ = true;
            tell(fmt::format("its publisher could not be asked: {}", error.what()));
        }
    }

  private:
    void tell_what_is_published(const CloudSource& source) const {
        const Checksum today = images_.published(source);
        const auto pin = images_.pinned(source);
        tell(fmt::format("its publisher vouches for {}, {}", today.text(),
                         !pin            ? "which was never used here"
                         : *pin == today ? "as it was used here"
                                         : "another one than was used here"));
    }

    CloudImages images_{cache_folder(), download_options_here()};
    bool out_of_reach_ = false;
};

// @returns whether nothing is missing
bool check(const ImageDefinition& image, const BuildHost& host, Publishers& publishers) {
    const BuildPlan plan = plan_build(image, host);
    const bool good = plan.missing.empty();
    fmt::print("{}: {} ({})\n", image.name, good ? "can be built here" : "cannot be built here yet",
               image.digest);
    for (const auto& step : plan.steps) tell(step);
    for (const auto& missing : plan.missing) tell("missing: " + missing);
    if (!image.cloud) return good;
    try {
        publishers.ask(*image.cloud);
        return good;
    } catch (const InfraError& error) {
        tell(fmt::format("{}: {}", image.cloud->dated ? "note" : "missing", error.what()));
        return good && image.cloud->dated;
    }
}

}  // namespace

// All of them are looked at, so that one mistake does not hide the next.
int image_check_command(const Settings& settings, const std::vector<std::string>& names) {
    bool wrong = false, lacking = false;
    const BuildHost host = build_host_here(ImageStore(), settings.accelerator, available_mib());
    Publishers publishers;
    for (const auto& name : select_images(settings, names)) {
        try {
            lacking = !check(load_image(settings.images, name), host, publishers) || lacking;
        } catch (const InputError& error) {
            say(fmt::format("{}: {}", name, error.what()));
            wrong = true;
        }
    }
    return wrong ? Exit::BadInput : lacking ? Exit::HarnessTrouble : Exit::AsExpected;
}

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
