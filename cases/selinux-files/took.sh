ls -Z /srv/webapp/upload | grep ':var_t:'
