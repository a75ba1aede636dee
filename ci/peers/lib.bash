# Shared by the peers' scripts. Each takes one sample in the bench folder $BENCH and prints lines "sample SECONDS" and
# "argv TEXT", tab-separated; what it says besides goes to standard error. $BENCH/facts tells of the guest.

: "${BENCH:?is the folder ci/bench works in}"
set -o pipefail

# fact NAME: of the guest, as clamproof_bench prepare wrote it down.
fact() {
    local value
    value=$(sed -n "s/^fact\t$1\t//p" "$BENCH/facts")
    [ -n "$value" ] || { echo "$BENCH/facts does not tell $1" >&2 && return 1; }
    printf '%s' "$value"
}

# since START: seconds from then, where START was $EPOCHREALTIME.
since() { awk -v from="$1" -v to="$EPOCHREALTIME" 'BEGIN { printf "%.6f", to - from }'; }

sample() { printf 'sample\t%s\n' "$1"; }
argv() { printf 'argv\t%s\n' "$*"; }

# Options of every ssh here: the guest's key is new each time it is built, and nobody is to be asked.
# shellcheck disable=SC2034 # for those who source this
ssh_options=(-i "$BENCH/key" -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null
    -o LogLevel=ERROR)

# qemu_wrapper FILE: a program for autopkgtest to start as QEMU. autopkgtest adds KVM and a processor of its own choice;
# the machine is to be that of the others. What ran is kept in FILE.argv.
qemu_wrapper() {
    cat >"$1" <<WRAPPER
#!/bin/bash
kept=()
while [ \$# -gt 0 ]; do
    case \$1 in
    -enable-kvm) ;;
    -cpu) shift ;;
    *) kept+=("\$1") ;;
    esac
    shift
done
set -- qemu-system-x86_64 -accel $(fact accelerator) -cpu $(fact cpu) "\${kept[@]}" \\
    -kernel '$(fact vmlinuz)' -initrd '$(fact initrd)' -append '$(fact kernel_line)'
echo "\$*" >'$1.argv'
exec "\$@"
WRAPPER
    chmod +x "$1"
}

# autopkgtest sets the host's time zone in the guest, for which an emulated one may need longer than the 30 s it is
# given. It is spared that: kinder to it than what people see.
# shellcheck disable=SC2034 # for those who source this
without_time_zone=(unshare --mount sh -c '[ ! -e /etc/timezone ] || mount --bind /dev/null /etc/timezone; exec "$@"' sh)
