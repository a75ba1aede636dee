# Installs the packages in the folder $PACKAGES as an administrator would who is asked nothing: configuration files
# that were changed stay. What they need is in the guest or among them, because no archive is within reach.
export DEBIAN_FRONTEND=noninteractive
# needrestart would restart services in the middle of it, the one that runs this among them.
export NEEDRESTART_SUSPEND=1
exec apt-get install --yes --quiet --no-install-recommends --allow-downgrades --reinstall \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=false "$PACKAGES"/*
