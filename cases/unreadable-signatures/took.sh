[ "$(stat -c %a "$CLAMD_DATABASE/site.hdb")" = 600 ]
