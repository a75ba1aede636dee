clamd_restart
systemctl restart on-access.service
