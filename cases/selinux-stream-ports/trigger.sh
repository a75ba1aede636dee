conf_set StreamMinPort 1024 # the fault
conf_set StreamMaxPort 2048 # the fault
clamd_restart
