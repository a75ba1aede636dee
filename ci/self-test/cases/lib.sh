# A failure without clamd: the guest is broken while a mark lies on its disk. Cheap, and known in every detail,
# so that what the harness makes of it can only be the harness's own doing.
# shellcheck shell=sh

mark=/var/lib/clamproof/broken

break_guest() {
    mkdir -p "${mark%/*}"
    touch "$mark"
}
mend_guest() { rm -f "$mark"; }

# Passes on a whole guest; on a broken one it fails in the words the cases give as their symptom.
probe_guest() {
    [ -e "$mark" ] || return 0
    echo "the guest is broken"
    return 1
}
