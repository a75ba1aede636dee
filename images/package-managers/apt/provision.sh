# Installs the packages named in $PACKAGES from the network. The vendor's own services may be at the package manager, too:
# they are waited for, and a mirror that does not answer is asked again.
export DEBIAN_FRONTEND=noninteractive
# needrestart would restart services in the middle of it, the one that runs this among them.
export NEEDRESTART_SUSPEND=1
tries=1
until apt-get update --quiet --error-on=any; do
    [ $tries -lt 10 ] || exit 1
    tries=$((tries + 1))
    sleep 10
done
# shellcheck disable=SC2086  # one word each
exec apt-get install --yes --quiet --no-install-recommends -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=false $PACKAGES
