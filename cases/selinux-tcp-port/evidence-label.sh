# Whose port it is.
semanage port -l | own_labels "$VARIANT_PORT" "$VARIANT_PORT"
