printf '[Service]\nPrivateTmp=no\n' >/etc/systemd/system/webapp.service.d/tmp.conf # the cure
systemctl daemon-reload
