# In a guest of a cloud image, before packages are installed: nothing may start, download or hold the package manager's
# locks meanwhile. A unit that the image does not have is masked as well.

# freshclam's package starts it: it would fetch the whole database into a guest that is to know one signature, and load
# it. kdump keeps memory for a kernel that nobody starts, and fails where it has none.
unwanted="clamav-freshclam.service clamav-freshclam-once.service clamav-freshclam-once.timer kdump.service"

# What installs, or looks for, packages of its own accord.
unwanted="$unwanted apt-daily.timer apt-daily.service apt-daily-upgrade.timer apt-daily-upgrade.service"
unwanted="$unwanted dnf-makecache.timer dnf-makecache.service"

# Not by systemctl mask, which refuses where a vendor has put a unit into /etc himself.
for unit in $unwanted; do
    ln -sf /dev/null "/etc/systemd/system/$unit"
done
# shellcheck disable=SC2086  # one word each
systemctl stop $unwanted || :  # those that are not there
systemctl daemon-reload
