#include "cli/cli.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "casefile/verdict.h"
#include "cli/commands.h"
#include "cli/help_pages.h"
#include "cli/own_folders.h"
#include "image/install.h"
#include "jobs/worker.h"
#include "support/error.h"
#include "support/process.h"
#include "support/text.h"

namespace clamproof {
namespace {

constexpr const char* about =
    "Boots guests, reproduces known failures of ClamAV's clamd on them, and proves that the documented fix, "
    "and nothing "
    "else, cures them.";

constexpr const char* exit_codes =
    "Exit codes: 0 all as expected, 1 some verdict differs, 2 bad usage or a bad file, 3 the harness could "
    "not do its "
    "work, 130 interrupted.";

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value ? value : "";
}

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

void add_shard(CLI::App* command, RunOptions& options) {
    command->add_option("--shard", options.shard,
                        "K/N: only the cells of the K-th of N runs; auto: as the CI numbers its jobs");
    command->add_option(
        "--durations", options.durations,
        "durations.json of an earlier run, the same for all shards, so that they get about the "
        "same work");
}

std::vector<std::string> verdicts_of_ends() {
    return verdict_names({Verdict::NotTriggered, Verdict::Reproduced, Verdict::NotInstallable,
                          Verdict::Skipped, Verdict::InfraError});
}

constexpr const char* own_folders =
    "A site's own cases and images are added to those that come with clamproof: by --cases and --images, or "
    "by "
    "CLAMPROOF_PATH, which names folders that hold cases/ or images/, with colons between them.";

// Everything the command line can say, and what is to be done about it.
struct CommandLine {
    CLI::App app{about, "clamproof"};
    Settings settings;
    OwnFolders own;
    RunOptions run;
    bool every_image = false;
    ShellOptions shell;
    BisectOptions bisect;
    std::vector<std::string> names;
    ReportOptions report;
    UpgradeOptions upgrade;
    std::string name, file;
    int jobs = 0;
    bool as_json = false, update = false, check = false;
    int shards = 4;
    std::string format = "github";
    std::function<int()> action;

    CommandLine() {
        app.footer(std::string(exit_codes) + "\n" + own_folders);
        app.set_version_flag("--version", CLAMPROOF_VERSION);
        app.require_subcommand(1);
        add_run();
        add_upgrade();
        add_list();
        add_matrix();
        add_report();
        add_bisect();
        add_doubt();
        add_image();
        add_shell();
        auto* doctor =
            add(app, "doctor", "What this host can do, what is missing, and the command that mends it",
                [this] { return doctor_command(settings); });
        add_hypervisor(doctor, settings);
        auto* gc = add(app, "gc", "Free space: images no definition asks for, what dead runs left",
                       [this] { return gc_command(settings); });
        add_images(gc, own);
        auto* worker = add(app, "worker", "", [this] { return run_worker(settings, STDIN_FILENO, stdout); });
        worker->group("");  // not for people
        auto* pages = add(app, "help-page", "", [this] { return print_help_page(); });
        pages->group("");  // for the build
        pages->add_option("KIND", name)->required()->check(CLI::IsMember({"man", "bash", "zsh"}));
        add_folders(worker, own);
        add_hypervisor(worker, settings);
        worker->add_option("--out", settings.out);
        worker->add_option("--called", settings.program);
        worker->add_flag("--capsule", settings.capsules);
        worker->add_option("--repeat", settings.repeat);
    }

    int print_help_page() const {
        fmt::print("{}", name == "man"    ? man_page(app, CLAMPROOF_VERSION)
                         : name == "bash" ? bash_completion(app)
                                          : zsh_completion(app));
        return 0;
    }

    CLI::App* add(CLI::App& parent, const char* word, const char* text, const std::function<int()>& what) {
        auto* command = parent.add_subcommand(word, text);
        command->callback([this, what] { action = what; });
        return command;
    }

    void add_run() {
        auto* command =
            add(app, "run",
                "Run cases on images and say what is proved. Images that are not built yet are built first "
                "(as root).",
                [this] { return run_command(settings, run); });
        add_selection(command, run);
        add_folders(command, own);
        add_hypervisor(command, settings);
        add_install(command, run.install);
        command->add_option("--out", settings.out, "Folder for the reports and logs")->capture_default_str();
        command->add_flag(
            "--capsule", settings.capsules,
            "Keep a guest in which a claim did not hold, unexpectedly, as a file that clamproof "
            "shell opens");
        command->add_option("--jobs", run.jobs, "Guests side by side; default: by cores and memory")
            ->check(CLI::Range(1, 256));
        command
            ->add_option(
                "--repeat", settings.repeat,
                "Run every cell so often; without it a verdict that is not as expected is run once more")
            ->check(CLI::Range(1, 1000));
        command->add_flag("--quick", run.quick,
                          "Of every image and case one variant for each verdict that is expected there");
        add_shard(command, run);
        command->add_option(
            "--resume", run.resume,
            "Go on with the run that wrote to this folder and was cut off: what it was asked for, without "
            "what has a verdict already");
        command->add_option(
            "--known", run.known,
            "File of known problems, which do not fail the run until they are cured or expire");
        auto* quiet = command->add_flag("--quiet", run.quiet, "No progress, only the table at the end");
        command
            ->add_flag("--json-events", run.json_events,
                       "Progress as lines of JSON on standard output, for programs; no table")
            ->excludes(quiet);
        command->add_flag("--bisect-exit", run.bisect_exit,
                          "End as git bisect run wants it: 0 good, 1 bad, 125 cannot tell");
        // Of what is left out it cannot be told whether it is good or bad.
        for (auto* end :
             {command->add_option("--good", run.good, "With --bisect-exit, the verdict that is good"),
              command->add_option("--bad", run.bad, "With --bisect-exit, the verdict that is bad")})
            end->check(CLI::IsMember(verdicts_of_ends()))->needs("--bisect-exit");
        command->footer(exit_codes);
    }

    void add_upgrade() {
        auto* command =
            add(app, "upgrade",
                "What an upgrade of packages does to cases and to fixes that were applied before it: "
                "regressed, repaired or unchanged; survived or lost",
                [this] { return upgrade_command(settings, run, upgrade); });
        const std::string kinds = "package files, a folder of them or of a repository, a suite, or a version";
        command->add_option("--to", upgrade.to, "What to upgrade to: " + kinds)->required();
        command->add_option("--from", upgrade.from,
                            "What to install first, downgrading: " + kinds + "; default: what the image has");
        command
            ->add_option(
                "--package", upgrade.packages,
                "Which packages of a suite, version or repository: a name, or all; may be repeated; default: "
                "those of the source that clamd is of")
            ->allow_extra_args(false);
        add_selection(command, run);
        add_folders(command, own);
        add_hypervisor(command, settings);
        command->add_option("--out", settings.out, "Folder for the reports and logs")->capture_default_str();
        command->add_option("--jobs", run.jobs, "Guests side by side; default: by cores and memory")
            ->check(CLI::Range(1, 256));
        command->add_flag("--quiet", run.quiet, "No progress, only the table at the end");
        command->footer(
            "Exit codes: 0 nothing regressed, 1 something did, 2 bad usage or packages, 3 infra-error, 130 "
            "interrupted");
    }

    void add_doubt() {
        auto* command =
            add(app, "doubt",
                "Break cases on purpose, in every way that is known, and say which sabotage nobody "
                "noticed. Runs on the cheapest image that is built and shows it.",
                [this] { return doubt_command(settings, run, every_image); });
        add_selection(command, run);
        add_folders(command, own);
        add_hypervisor(command, settings);
        command->add_flag("--every-image", every_image,
                          "On every image that is built, not on the cheapest alone");
        command->add_option("--out", settings.out, "Folder for the broken cases, reports and logs")
            ->capture_default_str();
        command->add_option("--jobs", run.jobs, "Guests side by side; default: by cores and memory")
            ->check(CLI::Range(1, 256));
        command->footer(
            "Exit codes: 0 every sabotage was noticed, 1 one was not, 2 bad usage or a bad file, 3 "
            "infra-error, 130 "
            "interrupted");
    }

    void add_matrix() {
        auto* command =
            add(app, "matrix",
                "The jobs of a CI that share the cells: a line of JSON for GitHub's strategy.matrix",
                [this] { return matrix_command(settings, run, shards); });
        command->add_option("--shards", shards, "How many jobs")
            ->check(CLI::Range(1, 256))
            ->capture_default_str();
        command->add_option("--durations", run.durations, "As of run");
        command->add_option("--format", format, "Whose CI it is for")
            ->check(CLI::IsMember({"github"}))
            ->capture_default_str();
        add_selection(command, run);
        add_folders(command, own);
    }

    void add_report() {
        auto* command = add(
            app, "report",
            "Write the reports of a run again, or merge the runs of shards: every cell that was asked for "
            "has to be there, and once.",
            [this] { return report_command(settings, run, report); });
        command->add_option("DIR", report.folders, "Out folders of runs")->required();
        command->add_option("--former", report.former,
                            "Out folder of an earlier run: report.html tells which verdicts have changed");
        add_selection(command, run);
        add_folders(command, own);
        command->add_option("--out", settings.out, "Folder for the reports; it may be one of those read")
            ->capture_default_str();
        command->footer(exit_codes);
    }

    void add_bisect() {
        auto* command =
            add(app, "bisect",
                "Find which of a series of candidates changed the outcome of a case: a version, a "
                "package of an upgrade, an image",
                [this] { return bisect_command(settings, bisect); });
        command->add_option("--case", bisect.case_id, "The case")->required();
        command->add_option("--variant", bisect.variants, "NAME=VALUE: which variant of it; may be repeated")
            ->allow_extra_args(false);
        command->add_option("--image", bisect.image, "The image that candidates are installed over");
        command
            ->add_option("--candidates", bisect.candidates,
                         "A folder of package files, or of folders of them, by version; image:A,B,…; "
                         "packages:A,B,… (files, versions, suites); "
                         "make:FIRST-LAST:COMMAND, which makes packages of $REVISION into $PACKAGES; "
                         "set:FOLDER: which package of it")
            ->required();
        command->add_option("--from", bisect.from, "The good end; default: the first candidate");
        command->add_option("--to", bisect.to, "The bad end; default: the last candidate");
        command->add_option("--good", bisect.good, "The verdict that is good; default: as the case expects")
            ->check(CLI::IsMember(verdicts_of_ends()));
        command->add_option("--bad", bisect.bad, "The verdict that is bad; default: what is not good")
            ->check(CLI::IsMember(verdicts_of_ends()));
        command
            ->add_option("--confidence", bisect.confidence,
                         "How probable the change has to be, runs that flake considered")
            ->check(CLI::Range(0.5, 0.999999))
            ->capture_default_str();
        command->add_option("--jobs", bisect.jobs, "Guests side by side; default: by cores and memory")
            ->check(CLI::Range(1, 256));
        command->add_option("--out", settings.out, "Folder for the reports")->capture_default_str();
        add_folders(command, own);
        add_accelerator(command, settings);
        command->footer(
            "Exit codes: 0 found, 2 bad usage, a bad file or a wrong end, 3 the harness could not do its "
            "work, 130 "
            "interrupted: the same command goes on.");
    }

    void add_list() {
        auto* command =
            add(app, "list", "What would run, what is expected of it, and what is skipped and why",
                [this] { return list_command(settings, run); });
        add_selection(command, run);
        add_folders(command, own);
        add_shard(command, run);
    }

    void add_image() {
        auto* image = app.add_subcommand("image", "Build images, and look at the store of built ones");
        image->require_subcommand(1);
        auto* build =
            add(*image, "build", "Build images and save them warm (as root); nothing is done twice", [this] {
                return check ? image_check_command(settings, names)
                             : image_build_command(settings, names, jobs, update);
            });
        build->add_option("NAME", names, "Names or patterns; default: all but what vendors publish");
        build->add_option("--jobs", jobs, "Builds side by side")->check(CLI::Range(1, 256));
        build->add_flag(
            "--check", check,
            "Build nothing: read the definitions, and ask the publishers of downloaded images what they "
            "vouch for");
        build->add_flag("--update", update, "Go on with what publishers of downloaded images offer now");
        add_folders(build, own);
        add_hypervisor(build, settings);
        auto* list = add(*image, "list", "The images there are, and which are built",
                         [this] { return image_list_command(settings, as_json); });
        list->add_flag("--json", as_json, "For programs");
        add_images(list, own);
        auto* show = add(*image, "show", "What an image is made of: facts, packages, place in the store",
                         [this] { return image_show_command(settings, name); });
        show->add_option("NAME", name, "Name or pattern")->required();
        add_images(show, own);
        add_travel(*image);
        auto* remove = add(*image, "rm", "Remove built images from the store",
                           [this] { return image_remove_command(settings, names); });
        remove->add_option("NAME", names, "Names or patterns")->required();
        add_images(remove, own);
    }

    void add_travel(CLI::App& image) {
        auto* pack = add(image, "export", "Write a built image and its warm state into one compressed file",
                         [this] { return image_export_command(settings, name, file); });
        pack->add_option("IMAGE", name, "Name of the image")->required();
        pack->add_option("FILE", file, "Default: IMAGE-DIGEST.tar.zst in the current folder");
        auto* unpack = add(image, "import", "Take an exported image into the store, so that nothing is built",
                           [this] { return image_import_command(settings, file); });
        unpack->add_option("FILE", file, "What image export wrote")->required();
        for (auto* command : {pack, unpack}) {
            add_images(command, own);
            add_accelerator(command, settings);
        }
    }

    void add_shell() {
        auto* command = add(
            app, "shell",
            "A root shell in a guest, in the state a case leaves it in. Without a terminal, the script on "
            "standard input is run there.",
            [this] { return shell_command(settings, shell); });
        command
            ->add_option("IMAGE", shell.image, "Name of the image, or a file that run --capsule has written")
            ->required();
        command->add_option("--case", shell.case_id, "The case whose state is wanted");
        command->add_option("--variant", shell.variants, "NAME=VALUE: which variant of the case")
            ->allow_extra_args(false);
        add_install(command, shell.install);
        command->add_option("--at", shell.at, "pristine, healthy, failing, control, or a fix's id")
            ->capture_default_str();
        add_folders(command, own);
        add_hypervisor(command, settings);
    }
};

// CLI11 says what is wrong, not what could have been meant.
int usage_error(const CommandLine& line, const CLI::ParseError& error, int argc, char** argv) {
    if (error.get_exit_code() == 0) return line.app.exit(error);
    std::vector<std::string> words;
    for (const auto* command : line.app.get_subcommands({})) words.push_back(command->get_name());
    const bool mistyped =
        argc > 1 && argv[1][0] != '-' && std::find(words.begin(), words.end(), argv[1]) == words.end();
    const auto meant = mistyped ? closest(argv[1], words) : std::nullopt;
    if (mistyped) {
        fmt::print(stderr, "clamproof: there is no command \"{}\"\n", argv[1]);
    } else {
        fmt::print(stderr, "clamproof: {}\n", error.what());
    }
    if (meant) fmt::print(stderr, "Did you mean \"clamproof {}\"?\n", *meant);
    fmt::print(stderr, "clamproof --help tells the commands.\n");
    return 2;
}

}  // namespace

void say(const std::string& text) {
    fmt::print(stderr, "{}\n", terminal_text(text));
}

int run_program(int argc, char** argv) {
    if (::geteuid() == 0) ::umask(022);  // what root puts into the store is for all to read
    // The embedded driver logs to stderr unless told otherwise. Its errors reach people as exceptions.
    ::setenv("LIBVIRT_LOG_OUTPUTS", "4:file:/dev/null", 0);
    CommandLine line;
    line.settings.program = name_to_call(argv[0], environment("PATH"));
    try {
        line.app.parse(argc, argv);
        // Commands that are shown name them, and are run from any folder.
        for (auto* files : {&line.run.install, &line.shell.install})
            for (auto& file : *files) file = (fs::current_path() / file).lexically_normal().string();
        look_in(line.settings, line.own, shipped_folder(), environment("CLAMPROOF_PATH"));
        return line.action();
    } catch (const CLI::ParseError& error) {
        return usage_error(line, error, argc, argv);
    } catch (const InputError& error) {
        fmt::print(stderr, "clamproof: {}\n", error.what());
        return 2;
    } catch (const NotInstallable& error) {
        fmt::print(stderr, "clamproof: {}\n", error.what());
        return 1;
    } catch (const std::exception& error) {
        fmt::print(stderr, "clamproof: {}\n", error.what());
        return 3;
    }
}

}  // namespace clamproof
