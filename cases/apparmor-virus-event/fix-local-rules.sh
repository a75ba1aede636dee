rules=/etc/apparmor.d/local/usr.sbin.clamd
grep -q virusevent "$rules" || cat >>"$rules" <<'RULES' # the cure
/{,usr/}bin/dash ix,
/{,usr/}bin/sh ix,
/etc/clamav/virusevent.d/* rix,
/var/log/clamav/alarms w,
RULES
apparmor_parser -r /etc/apparmor.d/usr.sbin.clamd
