# A second clamd opens the log before anything else, and says why it cannot.
timeout "$(scaled 10)" clamd --foreground --config-file="$CLAMD_CONF" 2>&1 || :
