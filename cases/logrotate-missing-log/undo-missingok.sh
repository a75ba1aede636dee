sed -i /missingok/d /etc/logrotate.d/clamav-daemon
