# Installs the packages named in $PACKAGES from the network.
exec dnf --assumeyes --setopt=install_weak_deps=False install $PACKAGES
