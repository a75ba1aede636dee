sed -i 's/ --fdpass$//' /etc/systemd/system/on-access.service
systemctl daemon-reload
