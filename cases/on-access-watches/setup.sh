# A tree of sixty folders that is protected, by a unit such as README.Debian describes. clamonacc passes descriptors because
# AppArmor confines clamd, and not itself.
for folder in $(seq 60); do mkdir -p "/srv/watched/$folder"; done
write_infected /srv/watched/60/infected
conf_set OnAccessIncludePath /srv/watched
conf_set OnAccessExcludeUname "$CLAMD_USER"
conf_set OnAccessPrevention yes
cat >/etc/systemd/system/on-access.service <<'UNIT'
[Unit]
After=clamav-daemon.service
[Service]
ExecStart=/usr/sbin/clamonacc --foreground --fdpass --wait --ping=120:1 --log=/var/log/on-access.log
[Install]
WantedBy=multi-user.target
UNIT
# What the distribution allows, said here so that it can be changed.
echo "fs.inotify.max_user_watches = $(sysctl -n fs.inotify.max_user_watches)" >/etc/sysctl.d/90-watches.conf
systemctl enable --quiet on-access.service
clamd_restart
systemctl restart on-access.service
