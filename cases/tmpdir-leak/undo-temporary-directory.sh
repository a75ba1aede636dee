conf_undo TemporaryDirectory
clamd_launch "$VARIANT_LAUNCHER" "$VARIANT_SESSION"
