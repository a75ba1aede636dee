conf_unset ConcurrentDatabaseReload # the fault
clamd_restart
