echo 'fs.inotify.max_user_watches = 20' >/etc/sysctl.d/90-watches.conf # the fault
sysctl -q -p /etc/sysctl.d/90-watches.conf
clamd_restart
systemctl restart on-access.service
