# Installs the package files in the folder $PACKAGES, newer or older than what is there. Configuration files that were
# changed stay, as rpm has it where the package marks them. What they need is in the guest or among them: repositories
# that were never read are passed over, because no archive is within reach.
dnf="dnf --assumeyes --cacheonly --setopt=*.skip_if_unavailable=1 --setopt=install_weak_deps=False"

# dnf takes a file of the very version that is installed for nothing to do.
for file in "$PACKAGES"/*; do
    if rpm --query --quiet "$(rpm --query --queryformat '%{NEVRA}' --package "$file")"; then
        set -- "$@" "$file"
    fi
done
$dnf install "$PACKAGES"/* || exit
[ $# -eq 0 ] || $dnf reinstall "$@"
