clamd_log | grep SIGHUP
