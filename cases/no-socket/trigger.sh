conf_unset LocalSocket # the fault
clamd_stop
clamd_restart || echo "clamd does not come up"
