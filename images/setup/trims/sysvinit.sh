# These care for hardware, disks and terminals that the guest does not have, each for a tenth of a second to a second of every
# boot and shutdown of an emulated guest.
for script in hwclock.sh checkroot.sh checkfs.sh checkroot-bootclean.sh mountnfs.sh mountnfs-bootclean.sh \
    umountnfs.sh mount-configfs kmod brightness urandom bootlogs rmnologin rc.local sudo procps; do
    update-rc.d -f "$script" remove
done

# Two scripts of every boot ask dozens of programs for the memory's size, to turn 20%VM into what is 20% here anyway:
# there is no swap. They read this file first.
cat >>/etc/default/tmpfs <<'SIZES'
TMPFS_SIZE=20%
tmpfs_size_vm() { echo "$1"; }
SIZES

# The init script starts four processes for each line of clamd.conf, at every start and stop. Of the packaged file those lines go
# that repeat what clamd does without them: it is configured as before. clamconf -n tells the others.
clamconf -n | sed -n '/^Config file: clamd/,/^$/s/^\([A-Z][A-Za-z0-9]*\) .*/\1/p' >/tmp/differs
awk 'NR == FNR { differs[$1]; next } /^#/ || $1 in differs' /tmp/differs /etc/clamav/clamd.conf >/tmp/clamd.conf
grep -q '^LocalSocket ' /tmp/clamd.conf
cat /tmp/clamd.conf >/etc/clamav/clamd.conf
rm /tmp/differs /tmp/clamd.conf
