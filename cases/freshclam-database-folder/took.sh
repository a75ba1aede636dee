[ "$(stat -c %U "$CLAMD_DATABASE")" = root ]
