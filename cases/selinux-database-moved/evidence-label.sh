mislabelled "$CLAMD_DATABASE/site.hdb"
