chown root:root "$CLAMD_DATABASE"
