grep -x 'NotifyClamd /etc/clamd-of-old.conf' "$(freshclam_conf)"
