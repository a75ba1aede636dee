clamd_stop
rm -rf "$CLAMD_DATABASE"/daily.* # the fault
clamd_restart || echo "clamd does not come up"
