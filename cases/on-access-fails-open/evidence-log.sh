tail -n 4 /var/log/on-access.log
