conf_set TemporaryDirectory /var/tmp # the fault
clamd_restart
