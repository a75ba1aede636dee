mkdir -p /etc/systemd/system/site-freshclam.service.d
printf '[Service]\nMemoryMax=40M\n' >/etc/systemd/system/site-freshclam.service.d/memory.conf # the cure
systemctl daemon-reload
rm -rf "$CLAMD_DATABASE"/tmp.*
