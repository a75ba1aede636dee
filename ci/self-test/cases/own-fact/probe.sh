[ "$FACT_SHELL" = "$VARIANT_IN" ] || exit 9
probe_guest
