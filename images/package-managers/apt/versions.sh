# The versions of $PACKAGE that the guest's package sources have, a line each, the newest first.
apt-cache madison "$PACKAGE" | cut -d '|' -f 2 | tr -d ' ' | uniq
