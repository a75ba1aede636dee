label_port 1024-2048 # the cure
