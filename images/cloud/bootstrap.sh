#!/bin/sh
# Runs once, by cloud-init, in the first boot of a cloud image: brings the control shell in, through which all else
# is done. What it says is on the serial console, which the host keeps.
bring_in() (
    set -eu
    trap '[ $? -eq 0 ] || echo "clamproof: no control shell"' EXIT

    seed=/run/clamproof/seed
    mkdir -p -m 0700 $seed
    mount -o ro LABEL=CIDATA $seed

    PACKAGES=$(cat $seed/first-packages)
    [ -z "$PACKAGES" ] || PACKAGES=$PACKAGES sh $seed/provision.sh

    lay() { mkdir -p "/${1%/*}" && cp -dRT --preserve=mode "$seed/files/$1" "/$1"; }
    lay usr/lib/clamproof
    for unit in $seed/files/etc/systemd/system/clamproof-shell.service*; do
        lay "${unit#"$seed/files/"}"
    done
    ! command -v restorecon >/dev/null || restorecon -RF /usr/lib/clamproof /etc/systemd/system

    systemctl daemon-reload
    systemctl enable clamproof-shell.service
    # cloud-init itself is part of the boot that the shell's own target waits for.
    systemctl --no-block start clamproof-shell.service
)

# A login prompt that comes up meanwhile hangs the line up under whoever holds it open (TTYVHangup= of
# serial-getty@.service): a package manager could then write no more, and failed. So it is opened for each line.
bring_in </dev/null 2>&1 | while IFS= read -r line; do
    printf '%s\n' "$line" >/dev/ttyS0 || :
done
