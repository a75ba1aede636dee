clamd_launch "$VARIANT_LAUNCHER" "$VARIANT_SESSION" # the fault
