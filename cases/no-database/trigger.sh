clamd_stop
rm -rf "$CLAMD_DATABASE"/daily.* # the fault
clamd_try_restart
