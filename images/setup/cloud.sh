# In a guest of a cloud image, when its packages are there and the files are laid.

# Only the test signature. main and daily exist as empty folders: what some units look for, and what libclamav passes over.
# What freshclam or a package brought is taken away: clamd would need a GiB for it.
rm -f "$CLAMD_DATABASE"/*.c[lv]d "$CLAMD_DATABASE"/*.sign "$CLAMD_DATABASE/freshclam.dat"
mkdir -p "$CLAMD_DATABASE/main.inc" "$CLAMD_DATABASE/daily.inc"
chown -R "$CLAMD_USER:" "$CLAMD_DATABASE"

# Nothing may wake up in the middle of a case or reach for the network. Not by systemctl mask, which refuses where a vendor
# has put a unit into /etc himself.
systemctl list-unit-files --type=timer --no-legend | cut -d ' ' -f 1 | while read -r timer; do
    ln -sf /dev/null "/etc/systemd/system/$timer"
done
systemctl daemon-reload

# clamd's unit: EL's package leaves it to the site to enable it, and so does Debian's from 1.4.6+dfsg-1~deb13u1 on.
systemctl enable "$CLAMD_UNIT.service"

# Nothing but a case's own jobs may run while a case does.
rm -f /etc/cron.d/* /etc/cron.hourly/* /etc/cron.daily/* /etc/cron.weekly/* /etc/cron.monthly/*
: >/etc/crontab

# One machine id for all: a guest that makes its own spends time on it and differs from the next.
echo 636c616d70726f6f6600000000000001 >/etc/machine-id
