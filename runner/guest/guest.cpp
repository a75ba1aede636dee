#include "guest/guest.h"

#include <fmt/format.h>

#include "support/files.h"
#include "support/text.h"

namespace clamproof {
namespace {

// A hundred processes, started and ended: what scripts do most.
constexpr const char* work = "i=0; while [ $i -lt 100 ]; do /bin/true; i=$((i + 1)); done";
constexpr double work_seconds = 0.11;  // on a host with KVM, or in a container
constexpr double work_deadline = 10;

}  // namespace

const std::vector<std::string> logs_in_files = {
    "/var/log/audit/audit.log",
    "/var/log/audit/audit.log.1",
    "/var/log/clamav/clamav.log",
    "/var/log/clamav/freshclam.log",
    "/var/log/clamd.scan",
    "/var/log/syslog",
    "/var/log/messages",
    "/var/log/daemon.log",
    "/var/log/kern.log",
    "/var/log/auth.log",
    "/var/log/secure",
    "/var/log/dpkg.log",
    "/var/log/dnf.log",
    "/var/log/apt/term.log",
};

void keep_log(const fs::path& folder, const std::string& file, const std::string& content) {
    const fs::path copy = folder / fs::path(file).lexically_relative("/var");
    make_folder(copy.parent_path());
    write_file(copy, content);
}

Terminal Guest::terminal(int, int) {
    throw InfraError("this kind of guest has no terminal");
}

fs::path Guest::shut_down(double) {
    throw InfraError("this kind of guest cannot be shut down for good");
}

std::vector<fs::path> files_below(const fs::path& folder) {
    std::vector<fs::path> found;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
        if (entry.is_regular_file() && !entry.is_symlink()) found.push_back(entry.path());
    return found;
}

void put(Guest& guest, const std::string& path, const std::string& content, int mode) {
    const std::string name = shell_quote(path);
    const ScriptResult result = guest.run(
        {.text = fmt::format("mkdir -p \"$(dirname {0})\" && cat >{0} && chmod {1:o} {0}", name, mode),
         .input = content});
    if (result.exit != 0)
        throw InfraError(fmt::format("cannot write {} in the guest: {}", path, one_line(result.err)));
}

// In pieces, because a script's output has a limit.
std::string get(Guest& guest, const std::string& path, std::uint64_t largest) {
    constexpr std::size_t mib = 1 << 20, in_a_piece = 3;
    std::string content;
    for (std::size_t read = 0; content.size() == read * mib; read += in_a_piece) {
        const ScriptResult result =
            guest.run({.text = fmt::format("dd if={} bs={} skip={} count={} status=none", shell_quote(path),
                                           mib, read, in_a_piece)});
        if (result.exit != 0)
            throw InfraError(fmt::format("cannot read {} in the guest: {}", path, one_line(result.err)));
        content += result.out.raw();
        if (content.size() > largest)
            throw InfraError(fmt::format("{} in the guest has more than {} bytes", path, largest));
    }
    return content;
}

double slowness(Guest& guest) {
    const ScriptResult result = guest.run({.text = work, .deadline = work_deadline});
    return result.seconds / (work_seconds * guest.scale());
}

}  // namespace clamproof
