systemctl status --no-pager "$CLAMD_UNIT.service" || :
