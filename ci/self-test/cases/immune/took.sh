[ -e /run/clamproof-elsewhere ]
