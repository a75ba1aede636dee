rm -f /run/clamproof-hidden
