echo 'fs.inotify.max_user_watches = 524288' >/etc/sysctl.d/99-more-watches.conf
sysctl -q -p /etc/sysctl.d/99-more-watches.conf # the cure
