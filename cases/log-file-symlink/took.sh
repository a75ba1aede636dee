[ -L "$CLAMD_LOG" ]
