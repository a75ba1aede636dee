# clamd makes its socket itself. Where there is a socket unit systemd makes it, and is allowed to anywhere: the unit goes.
write_infected /home/clamproof/infected
if has_unit "$CLAMD_UNIT.socket"; then
    clamd_stop
    # The service requires its socket unit, and no drop-in takes a requirement away.
    systemctl cat "$CLAMD_UNIT.service" | sed '/^Requires=/d' >"/etc/systemd/system/$CLAMD_UNIT.service"
    systemctl mask "$CLAMD_UNIT.socket"
    systemctl daemon-reload
    clamd_restart
fi
