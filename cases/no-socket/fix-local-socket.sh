conf_set LocalSocket "$CLAMD_SOCKET" # the cure
