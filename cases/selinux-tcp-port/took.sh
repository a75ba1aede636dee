# The port is where whoever makes the socket reads it.
case $VARIANT_BY in
socket-unit) systemctl cat "$CLAMD_UNIT.socket" | grep -x "ListenStream=127.0.0.1:$VARIANT_PORT" ;;
clamd-tcpsocket) [ "$(conf_get TCPSocket)" = "$VARIANT_PORT" ] ;;
esac
