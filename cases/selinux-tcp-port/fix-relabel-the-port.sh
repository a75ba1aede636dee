semanage port -m -t clamd_port_t -p tcp "$VARIANT_PORT" # the cure
