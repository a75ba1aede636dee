conf_set Foreground false # the cure
