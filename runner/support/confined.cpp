#include "support/confined.h"

namespace clamproof {

ProcessResult run_confined(ProcessOptions options, const fs::path& file) {
    constexpr const char* drop_rights =
        "exec 3<\"$1\"; shift\n"
        "limited=\"prlimit --core=0 --as=4294967296 --fsize=$(stat -L -c %s /proc/self/fd/3)\"\n"
        "[ \"$(id -u)\" -eq 0 ] || exec $limited \"$@\" /proc/self/fd/3\n"
        "alone='unshare --net'; $alone true 2>/dev/null || alone=\n"
        "exec $alone setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs --inh-caps=-all "
        "--bounding-set=-all -- $limited \"$@\" /proc/self/fd/3\n";
    std::vector<std::string> argv = {"sh", "-euc", drop_rights, "sh", file.string()};
    options.argv.at(0) = need_program(options.argv.at(0));
    argv.insert(argv.end(), options.argv.begin(), options.argv.end());
    options.argv = std::move(argv);
    options.end_when_full = true;
    return run_process(options);
}

}  // namespace clamproof
