stat -c %C /srv/webapp/upload | grep ':var_t:'
