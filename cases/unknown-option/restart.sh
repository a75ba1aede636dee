clamd_stop
clamd_restart || echo "clamd does not come up"
