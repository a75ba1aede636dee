clamd_stop
conf_set Foreground true # the fault
"$CLAMD_INITSCRIPT" start || echo "clamd does not come up"
