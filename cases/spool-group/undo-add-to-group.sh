gpasswd --delete "$CLAMD_USER" mailfilter
