# How recipes install packages: written out, and run in a guest that has them.
# shellcheck shell=sh
install() { dnf install --assumeyes "$@"; }
# owner FILE: the name of its package.
owner() { rpm --query --file --queryformat '%{NAME}\n' "$(realpath "$1")"; }
