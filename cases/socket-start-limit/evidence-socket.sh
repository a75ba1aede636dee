systemctl show --property Result "$CLAMD_UNIT.socket"
