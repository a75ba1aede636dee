systemctl show --property PrivateTmp webapp.service | grep -x PrivateTmp=yes
