# freshclam: nothing may reach for the network. The others care for hardware, disks and terminals that the guest does
# not have, each for a tenth of a second to a second of every boot and shutdown of an emulated guest.
for script in clamav-freshclam hwclock.sh checkroot.sh checkfs.sh checkroot-bootclean.sh mountnfs.sh mountnfs-bootclean.sh \
    umountnfs.sh mount-configfs kmod brightness urandom bootlogs rmnologin rc.local sudo procps; do
    update-rc.d -f "$script" remove
done

# Two scripts of every boot ask dozens of programs for the memory's size, to turn 20%VM into what is 20% here anyway:
# there is no swap. They read this file first.
cat >>/etc/default/tmpfs <<'SIZES'
TMPFS_SIZE=20%
tmpfs_size_vm() { echo "$1"; }
SIZES
