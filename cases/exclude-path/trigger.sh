conf_set ExcludePath /dev/ # the fault
clamd_restart
