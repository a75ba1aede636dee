# A folder that is protected, by a unit such as README.Debian describes.
mkdir -p /srv/watched
write_infected /srv/watched/infected
conf_set OnAccessIncludePath /srv/watched
conf_set OnAccessExcludeUname "$CLAMD_USER"
conf_set OnAccessPrevention yes
cat >/etc/systemd/system/on-access.service <<'UNIT'
[Unit]
After=clamav-daemon.service
[Service]
ExecStart=/usr/sbin/clamonacc --foreground --wait --ping=120:1 --log=/var/log/on-access.log --fdpass
[Install]
WantedBy=multi-user.target
UNIT
systemctl enable --quiet on-access.service
clamd_restart
systemctl restart on-access.service
