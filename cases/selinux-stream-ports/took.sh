[ "$(conf_get StreamMinPort) $(conf_get StreamMaxPort)" = "1024 2048" ]
