systemctl show --property PrivateTmp webapp.service
