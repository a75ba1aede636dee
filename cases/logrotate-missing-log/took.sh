[ ! -e "$CLAMD_LOG" ]
