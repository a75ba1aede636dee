conf_set StreamMinPort 1505
conf_set StreamMaxPort 1520
label_port 1505-1520 # the cure
