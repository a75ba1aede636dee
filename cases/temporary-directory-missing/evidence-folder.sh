ls -d "$(conf_get TemporaryDirectory)" 2>&1 || :
