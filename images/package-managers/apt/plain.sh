# How recipes install packages: written out, and run in a guest that has them.
# shellcheck shell=sh
install() { DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$@"; }
# owner FILE: the name of its package.
owner() { dpkg-query --search "$(realpath "$1")" | cut -d : -f 1; }
