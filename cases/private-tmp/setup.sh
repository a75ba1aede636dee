# An application as a unit: it writes an upload to /tmp and has it scanned. How it does is in /etc/default/webapp.
write_infected /home/clamproof/infected
option=--$VARIANT_METHOD
[ "$VARIANT_METHOD" != path ] || option=
echo "OPTION=$option" >/etc/default/webapp
cat >/etc/systemd/system/webapp.service <<UNIT
[Service]
Type=oneshot
EnvironmentFile=/etc/default/webapp
ExecStart=/bin/sh -c 'cp /home/clamproof/infected /tmp/webapp-upload; clamdscan --config-file=$CLAMD_CONF --no-summary \$OPTION /tmp/webapp-upload >/run/clamproof/webapp 2>&1; echo \$? >>/run/clamproof/webapp'
UNIT
mkdir -p /etc/systemd/system/webapp.service.d
printf '[Service]\nPrivateTmp=no\n' >/etc/systemd/system/webapp.service.d/tmp.conf
systemctl daemon-reload
