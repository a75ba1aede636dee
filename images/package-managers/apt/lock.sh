# A line for each package installed in the tree of files that this runs in: NAME VERSION SHA256, the digest being the one that
# its archive vouches for, or - where none does.
dpkg-query -W -f '${Package}:${Architecture}=${Version}\n' |
    xargs apt-cache show --no-all-versions |
    awk '/^Package: /{p=$2} /^Version: /{v=$2} /^SHA256: /{s=$2} /^$/{print p, v, s; s="-"}'
