mkdir -p "/etc/systemd/system/$CLAMD_UNIT.socket.d"
printf '[Socket]\nListenStream=127.0.0.1:3310\n' >"/etc/systemd/system/$CLAMD_UNIT.socket.d/tcp.conf" # the cure
systemctl daemon-reload
