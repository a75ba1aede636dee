# Profiles of programs that the guest does not have: each costs a second or two of the boot.
for name in lsb_release nvidia_modprobe; do
    ln -sf "/etc/apparmor.d/$name" /etc/apparmor.d/disable/
done
