journalctl --sync
journalctl --boot --no-pager --output cat --unit "$CLAMD_UNIT.service" --lines 20
