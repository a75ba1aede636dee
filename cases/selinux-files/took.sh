. /etc/default/webapp
[ "$UPLOADS" != /var/lib/webapp ]
