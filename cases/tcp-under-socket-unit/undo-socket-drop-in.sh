rm "/etc/systemd/system/$CLAMD_UNIT.socket.d/tcp.conf"
systemctl daemon-reload
