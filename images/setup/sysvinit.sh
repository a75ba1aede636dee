# freshclam: nothing may reach for the network. The others care for hardware, disks and terminals that the guest does
# not have, each for a tenth of a second or more in an emulated guest.
for script in clamav-freshclam hwclock.sh checkroot.sh checkfs.sh checkroot-bootclean.sh mountall.sh mountnfs.sh \
    mountnfs-bootclean.sh mount-configfs kmod brightness urandom bootlogs rmnologin rc.local sudo; do
    [ ! -e "/etc/init.d/$script" ] || update-rc.d "$script" disable
done
