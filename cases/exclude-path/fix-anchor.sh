conf_set ExcludePath ^/dev/ # the cure
