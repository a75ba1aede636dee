mislabelled "$(dirname "$CLAMD_SOCKET")"
