systemctl is-failed --quiet "$CLAMD_UNIT.socket"
