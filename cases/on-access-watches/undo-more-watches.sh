rm -f /etc/sysctl.d/99-more-watches.conf
sysctl -q -p /etc/sysctl.d/90-watches.conf
