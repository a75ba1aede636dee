# The version of $PACKAGE that is installed; fails where none is.
exec rpm --query --queryformat '%{EVR}\n' "$PACKAGE"
