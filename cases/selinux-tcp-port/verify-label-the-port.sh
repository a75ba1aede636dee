semanage port -l | ports_of clamd_port_t | grep -x "$VARIANT_PORT"
