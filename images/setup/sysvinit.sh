# freshclam: nothing may reach for the network. The others care for hardware, disks and terminals that the guest does
# not have, each for a tenth of a second to a second of every boot and shutdown of an emulated guest.
for script in clamav-freshclam hwclock.sh checkroot.sh checkfs.sh checkroot-bootclean.sh mountnfs.sh mountnfs-bootclean.sh \
    umountnfs.sh mount-configfs kmod brightness urandom bootlogs rmnologin rc.local sudo procps; do
    update-rc.d -f "$script" remove
done

# The sizes of the temporary file systems as they would come out here, so that two scripts of every boot need not ask
# sixty programs for them.
cat >>/etc/default/tmpfs <<'SIZES'
RUN_SIZE=10%
LOCK_SIZE=5242880
TMPFS_SIZE=20%
tmpfs_size_vm() { echo "$1"; }
SIZES
