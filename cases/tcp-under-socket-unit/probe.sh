# A client on the network scans over what clamd.conf offers it.
client=$(scratch client.conf)
if [ -n "$(conf_get TCPSocket)" ]; then
    printf 'TCPAddr 127.0.0.1\nTCPSocket %s\n' "$(conf_get TCPSocket)" >"$client"
else
    printf 'LocalSocket %s\n' "$CLAMD_SOCKET" >"$client"
fi
[ "$FACT_SOCKET_UNIT" = yes ] || because "clamd opens its sockets itself"
must_find stream /home/clamproof/infected "$client"
