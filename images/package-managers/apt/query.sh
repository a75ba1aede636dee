# The version of $PACKAGE that is installed; fails where none is.
dpkg-query --show --showformat '${db:Status-Abbrev}${Version}\n' "$PACKAGE" | sed -n 's/^.i.//p' | grep .
