# Installs the packages named in $PACKAGES from the network.
export DEBIAN_FRONTEND=noninteractive
apt-get update --quiet || exit
exec apt-get install --yes --quiet --no-install-recommends -o Dpkg::Use-Pty=false $PACKAGES
