# The program that runs scripts, by name: dash, bash.
shell=$(readlink -f /bin/sh)
echo "${shell##*/}"
