grep -E '^(MaxFileSize 1M|MaxScanSize 1M|MaxRecursion 4|MaxFiles 5)$' "$CLAMD_CONF"
