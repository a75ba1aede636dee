gpasswd --delete "$CLAMD_USER" mailfilter # the fault
clamd_restart
