sed -i 's,^NotifyClamd .*,NotifyClamd /etc/clamd-of-old.conf,' "$(freshclam_conf)"
