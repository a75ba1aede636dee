clamd_restart
: >/var/log/on-access.log
systemctl restart on-access.service
