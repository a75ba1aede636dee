touch /run/clamproof-hidden # the cure
