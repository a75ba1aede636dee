case $VARIANT_LACKS in
exclusion)
    conf_unset OnAccessExcludeUname # the fault
    ;;
descriptors)
    sed -i 's/ --fdpass$//' /etc/systemd/system/on-access.service # the fault
    ;;
esac
systemctl daemon-reload
clamd_restart
: >/var/log/on-access.log
systemctl restart on-access.service
