rm "$CLAMD_LOG" # the fault
