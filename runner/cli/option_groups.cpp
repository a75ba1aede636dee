#include "cli/option_groups.h"

#include <CLI/CLI.hpp>

#include "casefile/verdict.h"

namespace clamproof {

void add_images(CLI::App* command, OwnFolders& own) {
    command
        ->add_option("--images", own.images,
                     "Folder of image definitions, beside those that come with clamproof; may be repeated")
        ->allow_extra_args(false);
    command->add_flag("--only-own", own.alone,
                      "Look in the folders that are given in place of those that come with clamproof and of "
                      "what CLAMPROOF_PATH names");
}

void add_folders(CLI::App* command, OwnFolders& own) {
    command
        ->add_option("--cases", own.cases,
                     "Folder of cases, beside those that come with clamproof; may be repeated")
        ->allow_extra_args(false);
    add_images(command, own);
}

void add_accelerator(CLI::App* command, Settings& settings) {
    command
        ->add_option("--accel", settings.accelerator,
                     "auto tries KVM by running a guest for a moment, else emulates")
        ->check(CLI::IsMember({"auto", "kvm", "tcg"}))
        ->capture_default_str();
}

void add_hypervisor(CLI::App* command, Settings& settings) {
    add_accelerator(command, settings);
    command->add_option("--connect", settings.connect,
                        "libvirt URI; default: libvirt's QEMU driver inside this process");
}

void add_install(CLI::App* command, std::vector<std::string>& files) {
    command
        ->add_option("--install", files,
                     "Package file to install over every image, by the guest's own package manager; may be "
                     "repeated")
        ->allow_extra_args(false);
}

void add_selection(CLI::App* command, RunOptions& options) {
    command
        ->add_option("--image", options.images,
                     "Only images whose name matches this pattern; may be repeated")
        ->allow_extra_args(false);
    command
        ->add_option("--case", options.cases, "Only cases whose name matches this pattern; may be repeated")
        ->allow_extra_args(false);
    command->add_option("--variant", options.variants, "NAME=VALUE: only variants like that; may be repeated")
        ->allow_extra_args(false);
}

void add_variant(CLI::App* command, std::vector<std::string>& variants) {
    command->add_option("--variant", variants, "NAME=VALUE: which variant of the case; may be repeated")
        ->allow_extra_args(false);
}

void add_shard(CLI::App* command, RunOptions& options) {
    command->add_option("--shard", options.shard,
                        "K/N: only the cells of the K-th of N runs; auto: as the CI numbers its jobs");
    command->add_option(
        "--durations", options.durations,
        "durations.json of an earlier run, the same for all shards, so that they get about the "
        "same work");
}

void add_jobs(CLI::App* command, int& jobs) {
    command->add_option("--jobs", jobs, "Guests side by side; default: by cores and memory")
        ->check(CLI::Range(1, 256));
}

void add_out(CLI::App* command, std::filesystem::path& out, const std::string& what) {
    command->add_option("--out", out, "Folder for " + what)->capture_default_str();
}

// Of what is left out it cannot be told whether it is good or bad.
std::vector<CLI::Option*> add_ends(CLI::App* command, std::string& good, std::string& bad,
                                   const std::string& good_text, const std::string& bad_text) {
    const CLI::IsMember verdicts(
        verdict_names({Verdict::NotTriggered, Verdict::Reproduced, Verdict::NotInstallable, Verdict::Skipped,
                       Verdict::InfraError}));
    return {command->add_option("--good", good, good_text)->check(verdicts),
            command->add_option("--bad", bad, bad_text)->check(verdicts)};
}

}  // namespace clamproof
