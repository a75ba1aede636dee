# clamd listens on TCP as well, at first on the port SELinux gives it.
write_infected /home/clamproof/infected
case $VARIANT_BY in
socket-unit)
    mkdir -p "/etc/systemd/system/$CLAMD_UNIT.socket.d"
    printf '[Socket]\nListenStream=127.0.0.1:3310\n' >"/etc/systemd/system/$CLAMD_UNIT.socket.d/tcp.conf"
    ;;
clamd-tcpsocket)
    clamd_stop
    if has_unit "$CLAMD_UNIT.socket"; then
        # The service requires its socket unit, and no drop-in takes a requirement away.
        systemctl cat "$CLAMD_UNIT.service" | sed '/^Requires=/d' >"/etc/systemd/system/$CLAMD_UNIT.service"
        systemctl mask "$CLAMD_UNIT.socket"
    fi
    conf_set TCPAddr 127.0.0.1
    conf_set TCPSocket 3310
    ;;
esac
systemctl daemon-reload
clamd_stop
clamd_restart
