apparmor_parser -r /etc/apparmor.d/usr.sbin.clamd # the fault
clamd_restart
