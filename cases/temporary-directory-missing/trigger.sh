conf_set TemporaryDirectory /tmp/clamd-of-old # the fault
clamd_try_restart
