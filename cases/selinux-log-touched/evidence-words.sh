# What clamd says of it.
journalctl --sync
journalctl --boot --unit "$CLAMD_UNIT.service" --output cat | tail -n 20
