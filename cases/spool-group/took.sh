! id -nG "$CLAMD_USER" | grep -qw mailfilter
