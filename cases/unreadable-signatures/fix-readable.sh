chmod 0644 "$CLAMD_DATABASE/site.hdb" # the cure
