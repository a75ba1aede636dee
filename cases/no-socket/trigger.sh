conf_unset LocalSocket # the fault
clamd_try_restart
