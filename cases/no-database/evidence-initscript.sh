"$CLAMD_INITSCRIPT" start 2>&1 || :
