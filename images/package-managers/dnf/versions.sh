# The versions of $PACKAGE that the guest's package sources have, a line each, the newest first.
dnf --quiet repoquery --showduplicates --queryformat '%{evr}\n' "$PACKAGE" | sed '/^$/d' | sort -ruV
