#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iterator>
#include <utility>

#include "cli/option_groups.h"
#include "reports/bug_report.h"

namespace clamproof {
namespace {

constexpr const char* about =
    "Boots guests, reproduces known failures of ClamAV's clamd on them, and proves that the documented fix, "
    "and nothing else, cures them.";

constexpr const char* exit_codes =
    "Exit codes: 0 all as expected, 1 some verdict differs, 2 bad usage or a bad file, 3 the harness could "
    "not do its work, 130 interrupted.";
constexpr const char* own_folders =
    "A site's own cases and images are added to those that come with clamproof: by --cases and --images, or "
    "by CLAMPROOF_PATH, which names folders that hold cases/ or images/, with colons between them.";

}  // namespace

CommandLine::CommandLine(const Commands& commands) : app(about, "clamproof"), commands_(commands) {
    app.footer(std::string(exit_codes) + "\n" + own_folders);
    app.set_version_flag("--version", CLAMPROOF_VERSION);
    app.require_subcommand(1);
    add_run();
    add_upgrade();
    add_list();
    add_matrix();
    add_report();
    add_open();
    add_atlas();
    add_bisect();
    add_doubt();
    add_image();
    add_shell();
    add_recipe();
    add_maintenance();
    add_hidden();
}

void CommandLine::make_paths_absolute() {
    for (auto* files : {&run_.install, &shell_.install, &recipe_.install})
        for (auto& file : *files) file = (std::filesystem::current_path() / file).lexically_normal().string();
}

CLI::App* CommandLine::add(CLI::App& parent, const char* word, const char* text, std::function<int()> what) {
    auto* command = parent.add_subcommand(word, text);
    command->callback([this, what = std::move(what)] { action = what; });
    return command;
}

void CommandLine::add_maintenance() {
    auto* doctor =
        add(app, "doctor", "What this host can do, what is missing, and the command that mends it", [this] {
            return name_.empty() ? commands_.doctor(settings) : commands_.image_check(settings, {name_});
        });
    doctor->add_option("--image", name_, "Only whether this image can be built here, as image build --check");
    add_images(doctor, own);
    add_hypervisor(doctor, settings);
    auto* gc = add(app, "gc", "Free space: images no definition asks for, what dead runs left",
                   [this] { return commands_.gc(settings); });
    add_images(gc, own);
}

// Not for people: the program calls itself, and the build writes the manual.
void CommandLine::add_hidden() {
    auto* worker = add(app, "worker", "", [this] { return commands_.worker(settings); });
    worker->group("");
    add_folders(worker, own);
    add_hypervisor(worker, settings);
    worker->add_option("--out", settings.out);
    worker->add_option("--called", settings.program);
    worker->add_flag("--capsule", settings.capsules);
    worker->add_option("--repeat", settings.repeat);
    auto* pages = app.add_subcommand("help-page", "");
    pages->group("");
    pages->add_option("KIND", page)->required()->check(CLI::IsMember({"man", "bash", "zsh"}));
}

void CommandLine::add_run() {
    auto* command =
        add(app, "run",
            "Run cases on images and say what is proved. Images that are not built yet are built first "
            "(as root).",
            [this] { return commands_.run(settings, run_); });
    add_selection(command, run_);
    add_folders(command, own);
    add_hypervisor(command, settings);
    add_install(command, run_.install);
    add_out(command, settings.out, "the reports and logs");
    command->add_flag("--capsule", settings.capsules,
                      "Keep a guest in which a claim did not hold, unexpectedly, as a file that clamproof "
                      "shell opens");
    add_jobs(command, run_.jobs);
    command
        ->add_option("--repeat", settings.repeat,
                     "Run every cell so often; without it a verdict that is not as expected is run once more")
        ->check(CLI::Range(1, 1000));
    command->add_flag("--quick", run_.quick,
                      "Of every image and case one variant for each verdict that is expected there");
    command->add_flag("--untrimmed", run_.untrimmed,
                      "On the same images made without what is left out for speed alone (NAME-untrimmed)");
    add_shard(command, run_);
    command->add_option(
        "--resume", run_.resume,
        "Go on with the run that wrote to this folder and was cut off: what it was asked for, without "
        "what has a verdict already");
    command->add_option("--known", run_.known,
                        "File of known problems, which do not fail the run until they are cured or expire");
    auto* quiet = command->add_flag("--quiet", run_.quiet, "No progress, only the verdicts at the end");
    add_table(command);
    command
        ->add_flag("--json-events", run_.json_events,
                   "Progress as lines of JSON on standard output, for programs; no table")
        ->excludes(quiet);
    command->add_flag("--bisect-exit", run_.bisect_exit,
                      "End as git bisect run wants it: 0 good, 1 bad, 125 cannot tell");
    for (auto* end : add_ends(command, run_.good, run_.bad, "With --bisect-exit, the verdict that is good",
                              "With --bisect-exit, the verdict that is bad"))
        end->needs("--bisect-exit");
    command->footer(exit_codes);
}

void CommandLine::add_upgrade() {
    auto* command = add(app, "upgrade",
                        "What an upgrade of packages does to cases and to fixes that were applied before it: "
                        "regressed, repaired or unchanged; survived or lost",
                        [this] { return commands_.upgrade(settings, run_, upgrade_); });
    const std::string kinds = "package files, a folder of them or of a repository, a suite, or a version";
    command->add_option("--to", upgrade_.to, "What to upgrade to: " + kinds)->required();
    command->add_option("--from", upgrade_.from,
                        "What to install first, downgrading: " + kinds + "; default: what the image has");
    command
        ->add_option(
            "--package", upgrade_.packages,
            "Which packages of a suite, version or repository: a name, or all; may be repeated; default: "
            "those of the source that clamd is of")
        ->allow_extra_args(false);
    add_selection(command, run_);
    add_folders(command, own);
    add_hypervisor(command, settings);
    add_out(command, settings.out, "the reports and logs");
    add_jobs(command, run_.jobs);
    command->add_flag("--quiet", run_.quiet, "No progress, only the table at the end");
    command->footer(
        "Exit codes: 0 nothing regressed, 1 something did, 2 bad usage or packages, 3 infra-error, 130 "
        "interrupted");
}

void CommandLine::add_doubt() {
    auto* command = add(app, "doubt",
                        "Break cases on purpose, in every way that is known, and say which sabotage nobody "
                        "noticed. Runs on the cheapest image that is built and shows it.",
                        [this] { return commands_.doubt(settings, run_, every_image_); });
    add_selection(command, run_);
    add_folders(command, own);
    add_hypervisor(command, settings);
    command->add_flag("--every-image", every_image_,
                      "On every image that is built, not on the cheapest alone");
    add_out(command, settings.out, "the broken cases, reports and logs");
    add_jobs(command, run_.jobs);
    command->footer(
        "Exit codes: 0 every sabotage was noticed, 1 one was not, 2 bad usage or a bad file, 3 "
        "infra-error, 130 interrupted");
}

void CommandLine::add_matrix() {
    auto* command = add(app, "matrix",
                        "The jobs of a CI that share the cells: a line of JSON for GitHub's strategy.matrix",
                        [this] { return commands_.matrix(settings, run_, shards_); });
    command->add_option("--shards", shards_, "How many jobs")
        ->check(CLI::Range(1, 256))
        ->capture_default_str();
    command->add_option("--durations", run_.durations, "As of run");
    command->add_option("--format", format_, "Whose CI it is for")
        ->check(CLI::IsMember({"github"}))
        ->capture_default_str();
    add_selection(command, run_);
    add_folders(command, own);
}

void CommandLine::add_table(CLI::App* command) {
    command->add_flag("--table", run_.table,
                      "A row for every cell, also on a terminal, which else gets what is most important");
}

void CommandLine::add_report() {
    auto* command =
        add(app, "report",
            "Write the reports of a run again, or merge the runs of shards: every cell that was asked for "
            "has to be there, and once.",
            [this] { return commands_.report(settings, run_, report_); });
    command->add_option("DIR", report_.folders, "Out folders of runs")->required();
    command->add_option("--former", report_.former,
                        "Out folder of an earlier run: report.html tells which verdicts have changed");
    add_table(command);
    add_selection(command, run_);
    add_folders(command, own);
    add_out(command, settings.out, "the reports; it may be one of those read");
    command->footer(exit_codes);
}

void CommandLine::add_open() {
    auto* command = add(app, "open", "Open the report of a run in a browser, or print its address",
                        [this] { return commands_.open(settings); });
    command->add_option("DIR", settings.out, "Out folder of the run")->capture_default_str();
}

void CommandLine::add_atlas() {
    auto* command =
        add(app, "atlas",
            "Many runs as one page for a web server: which failure is met by which distribution "
            "and version of clamd, how long ago that was seen, where runs disagree, and what changed",
            [this] { return commands_.atlas(atlas_); });
    command->add_option("OUT", atlas_.folders, "Out folders of runs, bisections and upgrades")->required();
    command->add_option("--site", atlas_.site, "Folder for index.html, atlas.json, feed.xml and recipes/")
        ->required();
    command->footer("Exit codes: 0 written, 2 a folder has no results, or none that can be read");
}

void CommandLine::add_bisect() {
    auto* command = add(app, "bisect",
                        "Find which of a series of candidates changed the outcome of a case: a version, a "
                        "package of an upgrade, an image",
                        [this] { return commands_.bisect(settings, bisect_); });
    command->add_option("--case", bisect_.case_id, "The case")->required();
    add_variant(command, bisect_.variants);
    command->add_option("--image", bisect_.image, "The image that candidates are installed over");
    command
        ->add_option("--candidates", bisect_.candidates,
                     "A folder of package files, or of folders of them, by version; image:A,B,…; "
                     "packages:A,B,… (files, versions, suites); "
                     "make:FIRST-LAST:COMMAND, which makes packages of $REVISION into $PACKAGES; "
                     "set:FOLDER: which package of it")
        ->required();
    command->add_option("--from", bisect_.from, "The good end; default: the first candidate");
    command->add_option("--to", bisect_.to, "The bad end; default: the last candidate");
    add_ends(command, bisect_.good, bisect_.bad, "The verdict that is good; default: as the case expects",
             "The verdict that is bad; default: what is not good");
    command
        ->add_option("--confidence", bisect_.confidence,
                     "How probable the change has to be, runs that flake considered")
        ->check(CLI::Range(0.5, 0.999999))
        ->capture_default_str();
    add_jobs(command, bisect_.jobs);
    add_out(command, settings.out, "the reports");
    add_folders(command, own);
    add_accelerator(command, settings);
    command->footer(
        "Exit codes: 0 found, 2 bad usage, a bad file or a wrong end, 3 the harness could not do its "
        "work, 130 interrupted: the same command goes on.");
}

void CommandLine::add_list() {
    auto* command = add(app, "list", "What would run, what is expected of it, and what is skipped and why",
                        [this] { return commands_.list(settings, run_); });
    add_selection(command, run_);
    add_folders(command, own);
    add_shard(command, run_);
}

void CommandLine::add_image() {
    auto* image = app.add_subcommand("image", "Build images, and look at the store of built ones");
    image->require_subcommand(1);
    add_image_build(*image);
    auto* list = add(*image, "list", "The images there are, and which are built",
                     [this] { return commands_.image_list(settings, as_json_); });
    list->add_flag("--json", as_json_, "For programs");
    add_images(list, own);
    auto* show = add(*image, "show", "What an image is made of: facts, packages, place in the store",
                     [this] { return commands_.image_show(settings, name_); });
    show->add_option("NAME", name_, "Name or pattern")->required();
    add_images(show, own);
    add_image_transfer(*image);
    auto* remove = add(*image, "rm", "Remove built images from the store",
                       [this] { return commands_.image_remove(settings, names_); });
    remove->add_option("NAME", names_, "Names or patterns")->required();
    add_images(remove, own);
}

void CommandLine::add_image_build(CLI::App& image) {
    auto* build =
        add(image, "build", "Build images and save them warm (as root); nothing is done twice", [this] {
            return check_ ? commands_.image_check(settings, names_)
                          : commands_.image_build(settings, names_, jobs_, update_);
        });
    build->add_option("NAME", names_, "Names or patterns; default: all but what vendors publish");
    build->add_option("--jobs", jobs_, "Builds side by side")->check(CLI::Range(1, 256));
    build->add_flag(
        "--check", check_,
        "Build nothing: read the definitions, tell what a build would do and what is missing here, and ask "
        "the publishers of downloaded images what they vouch for");
    build->add_flag("--update", update_,
                    "Build anew, of the packages that the archive has today or of the disk that the "
                    "publisher offers now; "
                    "where that fails the image stays as it was");
    add_folders(build, own);
    add_hypervisor(build, settings);
}

void CommandLine::add_image_transfer(CLI::App& image) {
    auto* pack = add(image, "export", "Write a built image and its warm state into one compressed file",
                     [this] { return commands_.image_export(settings, name_, file_); });
    pack->add_option("IMAGE", name_, "Name of the image")->required();
    pack->add_option("FILE", file_, "Default: IMAGE-DIGEST.tar.zst in the current folder");
    auto* unpack = add(image, "import", "Take an exported image into the store, so that nothing is built",
                       [this] { return commands_.image_import(settings, file_); });
    unpack->add_option("FILE", file_, "What image export wrote")->required();
    for (auto* command : {pack, unpack}) {
        add_images(command, own);
        add_accelerator(command, settings);
    }
}

void CommandLine::add_shell() {
    auto* command =
        add(app, "shell",
            "A root shell in a guest, in the state a case leaves it in. Without a terminal, the script on "
            "standard input is run there.",
            [this] { return commands_.shell(settings, shell_); });
    command->add_option("IMAGE", shell_.image, "Name of the image, or a file that run --capsule has written")
        ->required();
    command->add_option("--case", shell_.case_id, "The case whose state is wanted");
    add_variant(command, shell_.variants);
    add_install(command, shell_.install);
    command
        ->add_option(
            "--at", shell_.at,
            "pristine, healthy, failing, control, or a fix's id; or provisioning, where a vendor's image "
            "could not be built")
        ->capture_default_str();
    add_folders(command, own);
    add_hypervisor(command, settings);
}

void CommandLine::add_recipe() {
    auto* command = add(
        app, "recipe",
        "Write a failure and its cure as a plain shell script, with a bug report around it. The script is "
        "run in a fresh guest first, without the case's library; what does not fail and is not cured "
        "there as documented is refused.",
        [this] { return commands_.recipe(settings, recipe_); });
    command->add_option("IMAGE", recipe_.image, "Name of the image")->required();
    command->add_option("CASE", recipe_.case_id, "The case")->required();
    add_variant(command, recipe_.variants);
    add_install(command, recipe_.install);
    command
        ->add_option("--format", recipe_.form,
                     "Whose form: a Markdown page, Debian's BTS, GitHub, the script alone")
        ->check(CLI::IsMember(std::vector<std::string>(std::begin(report_forms), std::end(report_forms))))
        ->capture_default_str();
    command->add_option("--bisect", recipe_.bisection,
                        "Out folder of a bisection of the case: the report says since when it fails");
    add_folders(command, own);
    add_hypervisor(command, settings);
    command->footer(
        "Exit codes: 0 proved, 1 the script does not show what the case does, 2 bad usage, or a cell that is "
        "not expected "
        "to fail, 3 infra-error, 130 interrupted");
}

}  // namespace clamproof
