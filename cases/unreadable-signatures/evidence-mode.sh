runuser -u "$CLAMD_USER" -- cat "$CLAMD_DATABASE/site.hdb" 2>&1 || :
