#include "support/confined.h"

#include <unistd.h>

#include "support/error.h"

namespace clamproof {
namespace {

// Namespaces of its own, for this program and its children, which end with it. A user who is not root is
// called root in his, and stays who he is.
std::vector<std::string> enter_namespaces() {
    std::vector<std::string> argv = {"unshare", "--mount", "--net", "--pid", "--ipc", "--kill-child"};
    if (::geteuid() != 0) argv.insert(argv.end(), {"--user", "--map-root-user"});
    return argv;
}

std::vector<std::string> drop_rights() {
    std::vector<std::string> argv = {"setpriv", "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"};
    if (::geteuid() == 0) argv.insert(argv.end(), {"--reuid=65534", "--regid=65534", "--clear-groups"});
    return argv;
}

// Its first argument is how many paths follow, which are shown; then comes what is run. The new root is made
// over /sys, of which nothing is needed; of /etc it has what programs need to start, no settings or secrets.
constexpr const char* enter_new_root = R"(
umask 022
root=/sys
paths=$1
shift
show() { mount --rbind "$1" "$root$1" && mount -o remount,bind,ro "$root$1"; }
mount -t tmpfs -o mode=0755,nosuid,size=1g,nr_inodes=200k clamproof $root
mkdir $root/dev $root/etc $root/proc $root/var
mkdir -m 1777 $root/tmp
ln -s ../tmp $root/var/tmp
mount -t proc proc $root/proc 2>/dev/null || :
for each in /usr /bin /sbin /lib /lib32 /lib64 /libx32; do
    if [ -L $each ]; then
        cp -P $each $root$each
    elif [ -d $each ]; then
        mkdir $root$each
        show $each
    fi
done
for each in alternatives group ld.so.cache ld.so.conf ld.so.conf.d localtime nsswitch.conf passwd; do
    [ ! -e /etc/$each ] || cp -RP /etc/$each $root/etc/
done
for each in full null random urandom zero; do
    : >$root/dev/$each
    mount --bind /dev/$each $root/dev/$each
done
while [ $paths -gt 0 ]; do
    if [ -d "$1" ]; then
        mkdir -p "$root$1"
    else
        mkdir -p "$root${1%/*}"
        [ -e "$root$1" ] || : >"$root$1"
    fi
    show "$1"
    paths=$((paths - 1))
    shift
done
cd /
exec chroot $root "$@"
)";

void append(std::vector<std::string>& argv, const std::vector<std::string>& more) {
    argv.insert(argv.end(), more.begin(), more.end());
}

}  // namespace

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

bool has_sandbox() {
    std::vector<std::string> argv = enter_namespaces();
    append(argv, {"mount", "-t", "tmpfs", "clamproof", "/sys"});
    return run_process({.argv = argv}).ok();
}

ProcessResult run_in_sandbox(ProcessOptions options, const std::vector<fs::path>& readable) {
    std::vector<std::string> argv;
    if (has_sandbox()) {
        argv = enter_namespaces();
        append(argv, {"sh", "-euc", enter_new_root, "sh", std::to_string(readable.size())});
        for (const auto& path : readable) argv.push_back(fs::absolute(path).lexically_normal().string());
        append(argv, drop_rights());
    } else if (::geteuid() == 0) {
        throw InfraError(
            "this host gives root no namespaces, without which what is not trusted would be read with root's "
            "rights: call clamproof as another user, or where root may mount file systems");
    }
    append(argv, {"prlimit", "--core=0", "--as=4294967296"});
    append(argv, {"env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/tmp", "TMPDIR=/tmp"});
    for (const auto& [name, value] : options.env) argv.push_back(name + "=" + value);
    append(argv, options.argv);
    options.argv = std::move(argv);
    options.env.clear();
    options.end_when_full = true;
    return run_process(options);
}

}  // namespace clamproof
