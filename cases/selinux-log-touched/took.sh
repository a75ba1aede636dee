mislabelled /var/log/clamd.site
