[ "$(conf_get StreamMaxLength)" = 1M ]
