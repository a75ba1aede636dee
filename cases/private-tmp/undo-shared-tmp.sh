printf '[Service]\nPrivateTmp=yes\n' >/etc/systemd/system/webapp.service.d/tmp.conf
systemctl daemon-reload
