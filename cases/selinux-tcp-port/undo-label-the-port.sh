unlabel_port "$VARIANT_PORT"
