grep -x UMASK=077 /etc/default/webapp
