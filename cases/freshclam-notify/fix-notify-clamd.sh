sed -i "s,^NotifyClamd .*,NotifyClamd $CLAMD_CONF," "$(freshclam_conf)" # the cure
