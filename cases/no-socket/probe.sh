[ "$FACT_SOCKET_UNIT" != yes ] || because "systemd makes the socket"
must_find stream /home/clamproof/infected /home/clamproof/client.conf
