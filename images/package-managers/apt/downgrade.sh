# $PACKAGE goes back to $VERSION, from the guest's package sources.
export DEBIAN_FRONTEND=noninteractive
exec apt-get install --yes --quiet --no-install-recommends --allow-downgrades \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=false "$PACKAGE=$VERSION"
