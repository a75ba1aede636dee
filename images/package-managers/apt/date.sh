# The date of the newest package installed in the tree of files that this runs in, in seconds since 1970: what the tree is made
# from, not when. These lists are as packages brought them; the files beside them are made by the installation.
find /var/lib/dpkg/info -name '*.md5sums' -exec stat -c %Y {} + | sort -n | tail -n 1
