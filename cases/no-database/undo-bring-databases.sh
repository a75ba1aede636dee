rm -rf "$CLAMD_DATABASE"/daily.*
