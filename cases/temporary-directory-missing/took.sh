[ "$(conf_get TemporaryDirectory)" = /tmp/clamd-of-old ] && [ ! -e /tmp/clamd-of-old ]
