for upload in /tmp/upload-*; do
    runuser -u "$CLAMD_USER" -- cat "$upload" 2>&1 || :
done
