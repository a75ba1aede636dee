runuser -u "$CLAMD_USER" -- cat /var/lib/amavis/tmp/message 2>&1 || :
