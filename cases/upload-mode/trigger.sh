sed -i 's/^UMASK=.*/UMASK=077/' /etc/default/webapp # the fault
