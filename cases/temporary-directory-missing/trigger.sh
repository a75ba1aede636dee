conf_set TemporaryDirectory /tmp/clamd-of-old # the fault
clamd_stop
clamd_restart || echo "clamd does not come up"
