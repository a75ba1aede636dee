conf_set ConcurrentDatabaseReload no # the cure
