restorecon -v /var/log/clamd.site # the cure
