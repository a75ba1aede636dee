#include "image/build/debootstrap.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "image/build/filesystem.h"
#include "image/build/mirrors.h"
#include "image/build/package_pool.h"
#include "image/kind.h"
#include "support/clock.h"
#include "support/error.h"
#include "support/process.h"
#include "support/text.h"

namespace clamproof {
namespace {

constexpr double bootstrap_deadline = 1800;
constexpr double step_deadline = 600;
constexpr const char* apt_archives = "/var/cache/apt/archives";

// One build under way: where, of what, and who watches.
class Build {
  public:
    Build(const ImageDefinition& image, const fs::path& work, const BuildOptions& options)
        : image_(image),
          work_(work),
          root_(work / "root"),
          pool_(image.suite, options.pools),
          options_(options) {}

    void run() {
        install_packages();
        take_date();
        write_lock();
        lay_files();
        run_setup();
        std::vector<std::string> made = kind_of(image_).pack(
            {.image = image_,
             .root = root_,
             .work = work_,
             .date = date_,
             .say = [this](const std::string& step) { say(step); },
             .run = [this](const std::string& doing,
                           const ProcessOptions& options) { return tool(doing, options); }});
        made.emplace_back("lock.json");
        remove_tree(root_);
        remove_tree(work_ / "packages");
        SealedFolder::seal(work_, made);
    }

  private:
    void say(const std::string& step, std::optional<double> fraction = {}) {
        options_.progress({.step = step, .fraction = fraction, .seconds = watch_.seconds()});
    }

    // What a failed tool said is kept whole, and its complaints are quoted: a package manager's last words
    // are rarely the ones that explain.
    ProcessResult tool(const std::string& doing, ProcessOptions options) {
        const fs::path program = options.argv[0] = need_program(options.argv[0]);
        // In namespaces of its own: what it starts and what it mounts goes with it, however it dies, so that
        // nobody works in a tree that is being removed.
        const auto wrapper = {"unshare", "--mount", "--pid", "--fork", "--kill-child"};
        options.argv.insert(options.argv.begin(), wrapper.begin(), wrapper.end());
        options.grace = 0;  // nothing in it has to be tidied
        options.cancelled = options_.cancelled;
        ProcessResult result = options_.run(options);
        if (result.ok()) return result;
        const fs::path log = failed_build_folder(image_.name) / "build.log";
        make_folder(log.parent_path());
        write_file(log, result.out + result.err);
        throw InfraError(fmt::format("building {}: {}: {} {}{}\n(all it said is in {})", image_.name, doing,
                                     program.filename().string(), result.how_it_ended(),
                                     complaints(result.err), log.string()));
    }

    static std::string complaints(const std::string& text) {
        std::string found, last;
        std::istringstream lines(text);
        for (std::string line; std::getline(lines, line);) {
            if (line.size() > 300) line = line.substr(0, 300) + "…";
            const bool complaint = line.starts_with("E: ") || line.starts_with("Err:") ||
                                   line.starts_with("dpkg: error") || line.starts_with("W: Failed");
            if (complaint && found.size() < 2000) found += "\n" + line;
            if (!line.empty()) last = line;
        }
        return ":" + (found.empty() ? "\n" + last : found);
    }

    // apt and dpkg each tell how far they are; which of mmdebstrap's steps is under way, its own words tell.
    void install_packages() {
        say("installing packages");
        std::size_t seen = 0;
        const std::size_t expected = 900;  // lines of a usual run: for a bar only
        std::vector<std::string> argv = {"mmdebstrap",
                                         "--variant=minbase",
                                         "--mode=root",
                                         "--skip=cleanup/apt,essential/unlink",
                                         "--dpkgopt=force-unsafe-io",
                                         "--verbose",
                                         "--aptopt=Acquire::Retries \"3\"",
                                         fmt::format("--include={}", fmt::join(image_.packages, ","))};
        // In the guest, too: it asks the same mirrors for what is installed later. A snapshot's day is over.
        if (image_.takes_old_lists || !image_.snapshot.empty())
            argv.push_back("--aptopt=Acquire::Check-Valid-Until \"false\"");
        if (!image_.keyring.empty()) argv.push_back("--keyring=" + image_.keyring.string());
        const std::string sources =
            image_.snapshot.empty()
                ? apt_sources(image_.origin, image_.suite, image_.pockets)
                : snapshot_sources(image_.snapshots, image_.snapshot, image_.suite, image_.pockets);
        if (sources.empty()) argv.push_back("--setup-hook=" + keep_only_pockets());
        const fs::path lent = work_ / "packages";
        pool_.lend(lent);
        argv.push_back(
            fmt::format("--setup-hook=mkdir -p \"$1\"{0} && find {1} -type f -exec mv -t \"$1\"{0} {{}} +",
                        apt_archives, shell_quote(lent.string())));
        argv.insert(argv.end(), {image_.suite, root_.string()});
        if (!sources.empty()) argv.push_back("-");
        tool("installing packages",
             {.argv = argv,
              .input = sources,
              .deadline = bootstrap_deadline,
              .on_error_line = [&](std::string_view line) { report_apt(line, ++seen, expected); }});
    }

    // mmdebstrap adds updates and security to a mirror of its own choice.
    std::string keep_only_pockets() const {
        std::string hook = "true";
        for (const char* pocket : {"updates", "security"})
            if (std::find(image_.pockets.begin(), image_.pockets.end(), pocket) == image_.pockets.end())
                hook +=
                    fmt::format("; sed -i '/ {}-{} /d' \"$1/etc/apt/sources.list\"", image_.suite, pocket);
        return hook;
    }

    void report_apt(std::string_view line, std::size_t seen, std::size_t expected) {
        for (const std::string_view verb : {"Get:", "Unpacking ", "Setting up "}) {
            if (!line.starts_with(verb)) continue;
            std::istringstream words{std::string(line)};
            std::string first, name, version;
            words >> first >> name;
            if (verb == "Setting up ") words >> name;
            const std::string doing = verb == "Get:"         ? "downloading"
                                      : verb == "Unpacking " ? "unpacking " + name
                                                             : "setting up " + name;
            say("installing packages: " + doing,
                std::min(0.99, static_cast<double>(seen) / static_cast<double>(expected)));
        }
    }

    std::string in_root(const std::string& doing, const std::string& script) {
        return tool(doing, {.argv = {"chroot", root_.string(), "env", "-i",
                                     "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                                     "HOME=/root", "LANG=C.UTF-8", "DEBIAN_FRONTEND=noninteractive",
                                     fmt::format("SOURCE_DATE_EPOCH={}", date_), "sh", "-eu"},
                            .input = script,
                            .deadline = step_deadline})
            .out;
    }

    // The package manager's own script, run in the tree.
    std::string ask_packages(const std::string& doing, const char* script) {
        return in_root(doing, read_file(package_manager_script(image_, script)));
    }

    void take_date() {
        std::istringstream date(ask_packages("looking for the newest package", "date.sh"));
        if (!(date >> date_))
            throw InfraError(fmt::format("building {}: no package tells of what day it is", image_.name));
    }

    // Every package with its version and the digest its archive vouches for.
    void write_lock() {
        say("writing down what was installed");
        std::istringstream lines(ask_packages("listing packages", "lock.sh"));
        nlohmann::ordered_json packages = nlohmann::ordered_json::array();
        VouchedPackages vouched;
        for (std::string name, version, digest; lines >> name >> version >> digest;) {
            packages.push_back({{"name", name}, {"version", version}, {"sha256", digest}});
            vouched[archive_prefix(name, version)] = digest;
        }
        if (packages.empty())
            throw InfraError(fmt::format("building {}: no package was installed", image_.name));
        const nlohmann::ordered_json lock = {
            {"image", image_.name}, {"digest", image_.digest}, {"packages", packages}};
        write_file(work_ / "lock.json", lock.dump(1) + "\n");
        const std::size_t fetched = pool_.keep(root_.string() + apt_archives, vouched);
        say(fmt::format("{}, {} of them downloaded", counted(packages.size(), "package"), fetched));
    }

    void lay_files() {
        for (const auto& tree : image_.files)
            tool("laying " + tree, {.argv = {"cp", "-a", "--no-preserve=ownership,timestamps", "-T",
                                             image_.part("files" / fs::path(tree)).string(), root_.string()},
                                    .deadline = step_deadline});
    }

    void run_setup() {
        for (const auto& script : image_.setup) {
            say("running " + script);
            in_root("running images/setup/" + script, read_file(image_.part("setup" / fs::path(script))));
        }
    }

    const ImageDefinition& image_;
    fs::path work_, root_;
    PackagePool pool_;
    std::time_t date_ = 0;  // of the newest package
    const BuildOptions& options_;
    Stopwatch watch_;
};

}  // namespace

StoreEntry build_into(const ImageDefinition& image, const ImageStore& store,
                      const std::function<void(const fs::path& folder)>& build) {
    need_space("building " + image.name, store.folder(), space_for_build_mib);
    const FileLock making = store.making(image.name);
    const auto ignore = [](const std::string&) {};
    if (const auto built = store.find(image, ignore)) return *built;  // by whoever was at it
    store.need_room(image);
    const TempDir work(store.folder(), fmt::format(".{}.building-", image.name));
    fs::permissions(work.path(), fs::perms{0755});
    build(work.path());
    return store.take_in(work.path(), image);
}

StoreEntry build_image(const ImageDefinition& image, const ImageStore& store, const BuildOptions& options) {
    if (::geteuid() != 0)
        throw InfraError(fmt::format(
            "building {0} needs root, because a guest's files belong to users of its own, and what "
            "root has built is root's: run sudo clamproof image build {0}, {1}",
            image.name,
            kind_of(image).can_be_exported()
                ? fmt::format("then sudo clamproof image export {}, and clamproof image import of "
                              "the file that it makes",
                              image.name)
                : "and use it with sudo, too"));
    need_program("mmdebstrap");
    return build_into(image, store, [&](const fs::path& folder) { debootstrap(image, folder, options); });
}

void debootstrap(const ImageDefinition& image, const fs::path& folder, const BuildOptions& options) {
    Build(image, folder, options).run();
}

}  // namespace clamproof
