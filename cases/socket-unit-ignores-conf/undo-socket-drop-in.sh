rm "/etc/systemd/system/$CLAMD_UNIT.socket.d/site.conf"
systemctl daemon-reload
