ports=$(semanage port -l)
echo "$ports" | ports_of clamd_port_t | grep -x "$VARIANT_PORT"
side_effect "the port is no longer that of" "$(echo "$ports" | own_labels "$VARIANT_PORT" "$VARIANT_PORT" | cut -d ' ' -f 2)"
