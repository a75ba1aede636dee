must_find "$VARIANT_METHOD" /home/clamproof/dev/infected
