chmod 0600 "$CLAMD_DATABASE/site.hdb"
