restorecon -R "$CLAMD_DATABASE" # the cure
