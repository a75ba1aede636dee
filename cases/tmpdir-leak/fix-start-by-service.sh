service "$CLAMD_UNIT" restart # the cure
clamd_wait
