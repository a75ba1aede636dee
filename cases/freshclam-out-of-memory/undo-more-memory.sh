rm /etc/systemd/system/site-freshclam.service.d/memory.conf
systemctl daemon-reload
