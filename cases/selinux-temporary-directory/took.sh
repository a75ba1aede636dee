[ "$(conf_get TemporaryDirectory)" = /srv/clamd ]
