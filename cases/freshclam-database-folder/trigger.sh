chown root:root "$CLAMD_DATABASE" # the fault
