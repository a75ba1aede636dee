#include "image/build/filesystem.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sstream>

#include "guest/domain_xml.h"
#include "support/error.h"

namespace clamproof {
namespace {

constexpr double tool_deadline = 600;
constexpr int first_inode = 11;  // lost+found; those below are the file system's own, 2 is the root

struct stat status_of(const fs::path& path) {
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0)
        throw InfraError(fmt::format("cannot look at {}: {}", path.string(), std::strerror(errno)));
    return info;
}

// How many inodes are in use: mke2fs hands them out one after the other.
long inodes_in_use(const std::string& dumpe2fs) {
    long all = 0, free = 0;
    std::istringstream lines(dumpe2fs);
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("Inode count:")) all = std::stol(line.substr(line.find(':') + 1));
        if (line.starts_with("Free inodes:")) free = std::stol(line.substr(line.find(':') + 1));
    }
    return all - free;
}

// A file's change time cannot be set on the host, its time of access changes while it is read, and mke2fs
// copies both. debugfs tells of what fails in words alone, below a line with its version.
void set_inode_times(const DiskPlan& plan, const fs::path& raw, const RunTool& run,
                     const std::map<std::string, std::string>& env) {
    const ProcessResult facts = run(
        "counting inodes", {.argv = {"dumpe2fs", "-h", raw.string()}, .env = env, .deadline = tool_deadline});
    std::string commands = fmt::format("sif <2> ctime @{0}\nsif <2> atime @{0}\n", plan.date);
    const long last = inodes_in_use(facts.out);
    for (long inode = first_inode; inode <= last; ++inode)
        commands += fmt::format("sif <{0}> ctime @{1}\nsif <{0}> atime @{1}\n", inode, plan.date);
    const ProcessResult result = run("setting times", {.argv = {"debugfs", "-w", "-f", "-", raw.string()},
                                                       .env = env,
                                                       .input = commands,
                                                       .deadline = tool_deadline});
    const auto banner = result.err.find('\n');
    if (banner != std::string::npos && banner + 1 < result.err.size())
        throw InfraError("setting times: debugfs says " + result.err.substr(banner + 1, 300));
}

}  // namespace

void set_back_times(const fs::path& root, std::time_t latest) {
    const auto set_back = [&](const fs::path& path) {
        const timespec times[] = {{.tv_sec = 0, .tv_nsec = UTIME_OMIT},
                                  {.tv_sec = std::min(latest, status_of(path).st_mtime), .tv_nsec = 0}};
        if (::utimensat(AT_FDCWD, path.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0)
            throw InfraError(
                fmt::format("cannot set the times of {}: {}", path.string(), std::strerror(errno)));
    };
    for (const auto& entry : fs::recursive_directory_iterator(root)) set_back(entry.path());
    set_back(root);
}

void make_disk(const DiskPlan& plan, const RunTool& run) {
    set_back_times(plan.root, plan.date);
    const fs::path raw = plan.disk.string() + ".raw";
    const std::map<std::string, std::string> env = {{"E2FSPROGS_FAKE_TIME", std::to_string(plan.date)}};
    const std::string uuid = uuid_from(plan.identity);
    run("making the file system",
        {.argv = {"mke2fs", "-q", "-t", "ext4", "-O", "^has_journal", "-m", "0", "-U", uuid, "-E",
                  "lazy_itable_init=0,hash_seed=" + uuid, "-d", plan.root.string(), raw.string(),
                  fmt::format("{}M", plan.size_mib)},
         .env = env,
         .deadline = tool_deadline});
    set_inode_times(plan, raw, run, env);
    run("making the disk", {.argv = {"qemu-img", "convert", "-O", "qcow2", raw.string(), plan.disk.string()},
                            .deadline = tool_deadline});
    fs::remove(raw);
}

void pack_tree(const fs::path& root, const fs::path& file, std::time_t latest, const RunTool& run) {
    set_back_times(root, latest);
    run("packing the tree",
        {.argv = {"tar", "--create", "--file", file.string(), "--format=posix",
                  "--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime", "--sort=name",
                  "--numeric-owner", "--xattrs", "--directory", root.string(), "."},
         .deadline = tool_deadline});
}

}  // namespace clamproof
