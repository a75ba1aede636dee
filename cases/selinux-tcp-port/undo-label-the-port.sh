unlabel_port 1505
clamd_stop
clamd_restart || echo "clamd does not come up"
