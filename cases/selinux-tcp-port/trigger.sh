case $VARIANT_BY in
socket-unit)
    sed -i "s/:3310\$/:$VARIANT_PORT/" "/etc/systemd/system/$CLAMD_UNIT.socket.d/tcp.conf" # the fault
    ;;
clamd-tcpsocket)
    conf_set TCPSocket "$VARIANT_PORT" # the fault
    ;;
esac
systemctl daemon-reload
clamd_try_restart
