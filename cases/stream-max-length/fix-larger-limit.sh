conf_set StreamMaxLength 100M # the cure
