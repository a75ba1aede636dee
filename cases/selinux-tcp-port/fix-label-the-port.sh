label_port 1505 # the cure
