if [ -e "$former/usr.sbin.clamd" ]; then
    mv "$former/usr.sbin.clamd" /etc/apparmor.d/usr.sbin.clamd
    apparmor_parser -r /etc/apparmor.d/usr.sbin.clamd
    clamd_restart
    exit
fi
running=$(clamd_pid)
DEBIAN_FRONTEND=noninteractive apt-get install --yes clamav-daemon # the fault
# Debian 13's package leaves clamd running, from 1.4.6+dfsg-1~deb13u1 on: its profile confines the next one.
[ "$(clamd_pid)" != "$running" ] || clamd_restart
clamd_wait
