timeout "$(scaled 10)" clamd --foreground --config-file="$CLAMD_CONF" 2>&1 || :
