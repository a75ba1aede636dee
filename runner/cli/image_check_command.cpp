#include <fmt/format.h>

#include "cli/commands.h"
#include "cli/selection.h"
#include "image/build/build_plan.h"
#include "image/definition.h"
#include "image/download/cloud_image.h"
#include "results/exit_code.h"
#include "support/error.h"
#include "support/utf8.h"

namespace clamproof {
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

}  // namespace clamproof
