! ls -d "$CLAMD_DATABASE"/daily.*
