chcon -R -t var_t /srv/webapp # the fault
