restorecon "$(dirname "$CLAMD_SOCKET")" # the cure
