conf_set StreamMaxLength 1M # the fault
clamd_restart
