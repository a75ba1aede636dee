# $PACKAGE goes back to $VERSION, from the guest's package sources.
exec dnf --assumeyes --setopt=install_weak_deps=False downgrade "$PACKAGE-$VERSION"
