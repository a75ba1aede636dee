stat -c '%n %A' "$CLAMD_SOCKET"
