# Only the test signature. main and daily exist as empty folders: what the unit and the init script look for,
# and what libclamav passes over.
mkdir -p /var/lib/clamav/main.inc /var/lib/clamav/daily.inc
chown -R clamav:clamav /var/lib/clamav

# clamd.conf is as the package wrote it, and kept by hand from here on: an upgrade must not write it anew.
echo clamav-daemon clamav-daemon/debconf boolean false | debconf-set-selections
ucf --purge /etc/clamav/clamd.conf

# Nothing but a case's own jobs may run while a case does.
rm -f /etc/cron.d/* /etc/cron.hourly/* /etc/cron.daily/* /etc/cron.weekly/* /etc/cron.monthly/*
: >/etc/crontab
