# As cron or systemd's timer runs it every night.
logrotate /etc/logrotate.conf
