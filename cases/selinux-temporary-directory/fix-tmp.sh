conf_set TemporaryDirectory /tmp # the cure
