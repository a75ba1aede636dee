systemctl reset-failed # systemd remembers the starts that failed
systemctl start "$CLAMD_UNIT.socket" # the cure
clamd_wait
