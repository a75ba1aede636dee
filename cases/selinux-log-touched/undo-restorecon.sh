chcon -t var_log_t /var/log/clamd.site
