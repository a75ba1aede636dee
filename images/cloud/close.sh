# The last of what is done in a cloud image: nothing in it waits for a network, a seed or a terminal again.
umount /run/clamproof/seed
touch /etc/cloud/cloud-init.disabled
if [ -d /run/systemd/system ]; then
    for unit in systemd-networkd-wait-online NetworkManager-wait-online serial-getty@ttyS0; do
        systemctl mask "$unit.service"
    done
fi
sync
