sed -i '/^ExecStart=/ { s/ --fdpass$//; s/$/ --fdpass/ }' /etc/systemd/system/on-access.service # the cure
systemctl daemon-reload
