runuser -u "$(freshclam_owner)" -- touch "$CLAMD_DATABASE/may-write" 2>&1 || :
