label_port "$VARIANT_PORT" # the cure
