conf_set AlertExceedsMax yes # the cure
