[ -z "$(conf_get ConcurrentDatabaseReload)" ]
