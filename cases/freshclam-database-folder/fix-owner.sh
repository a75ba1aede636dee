chown "$(freshclam_owner):" "$CLAMD_DATABASE" # the cure
