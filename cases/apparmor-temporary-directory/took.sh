[ "$(conf_get TemporaryDirectory)" = /var/tmp ]
