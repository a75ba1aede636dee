if [ -e "$former/usr.sbin.clamd" ]; then
    mv "$former/usr.sbin.clamd" /etc/apparmor.d/usr.sbin.clamd
    apparmor_parser -r /etc/apparmor.d/usr.sbin.clamd
    clamd_restart
    exit
fi
DEBIAN_FRONTEND=noninteractive apt-get install --yes clamav-daemon # the fault
clamd_wait
