touch /run/clamproof-elsewhere # the fault
