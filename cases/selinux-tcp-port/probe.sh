# A client scans over TCP, on the port the unit or clamd.conf names.
case $VARIANT_BY in
socket-unit) port=$(sed -n 's/^ListenStream=127.0.0.1://p' "/etc/systemd/system/$CLAMD_UNIT.socket.d/tcp.conf") ;;
clamd-tcpsocket) port=$(conf_get TCPSocket) ;;
esac
client=$(scratch client.conf)
printf 'TCPAddr 127.0.0.1\nTCPSocket %s\n' "$port" >"$client"

if must_find stream /home/clamproof/infected "$client"; then
    range=/proc/sys/net/ipv4/ip_local_port_range
    first=$(cut -f 1 $range) last=$(cut -f 2 $range)
    if [ "$port" -ge "$first" ] && [ "$port" -le "$last" ]; then
        because "the kernel asks SELinux about no port from $first to $last, net.ipv4.ip_local_port_range"
    fi
    exit 0
fi

echo "$CLAMD_UNIT does not serve port $port; its own words:"
case $VARIANT_BY in
socket-unit)
    # The words are those of a short-lived child of systemd, too short-lived for --unit to find them.
    journalctl --sync
    journalctl --boot --lines 6 --output cat UNIT="$CLAMD_UNIT.socket"
    ;;
clamd-tcpsocket) clamd_log | grep ERROR ;;
esac
exit 1
