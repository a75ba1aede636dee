# On the host: copies the package database of the guest whose disk is $DISK into the empty folder $DATABASE, as "rpm",
# and below "etc" what its dnf goes by. Says in "architecture" what the guest is.
fail() {
    echo "$1" >&2
    exit 1
}
command -v rpm >/dev/null || fail "this host has no rpm to read the guest's packages with: install the package rpm"

raw=$DATABASE/raw
qemu-img convert -O raw "$DISK" "$raw"

# copy PATH FOLDER: nothing where it is a link or not there.
copy() {
    mkdir -p "$2"
    debugfs -R "rdump /$1 $2" "$raw?offset=$offset" 2>>"$DATABASE/words"
    ! [ -L "$2/${1##*/}" ] || rm "$2/${1##*/}"
}

# The disk is one file system, or holds some in partitions.
others=
for start in 0 $(partx --raw --noheadings --output START "$raw" 2>/dev/null); do
    offset=$((start * 512))
    kind=$(blkid --probe --offset $offset --match-tag TYPE --output value "$raw" || :)
    case $kind in
    ext?) ;;
    *)
        others="$others${kind:+ $kind}"
        continue
        ;;
    esac
    for folder in usr/lib/sysimage/rpm var/lib/rpm; do
        [ -d "$DATABASE/rpm" ] || copy $folder "$DATABASE"
    done
    for folder in etc/dnf etc/yum.repos.d etc/pki/rpm-gpg; do copy $folder "$DATABASE/${folder%/*}"; done
done
rm "$raw"

[ -d "$DATABASE/rpm" ] || fail "there is no RPM database on the file systems of $DISK that can be read here, which are \
those of ext2 to ext4${others:+; it also holds$others}"

# Packages of other architectures may be beside those of the guest's own.
architecture=$(rpm --dbpath "$DATABASE/rpm" --query --all --queryformat '%{ARCH}\n' | grep -v -e noarch -e none |
    sort | uniq -c | sort -n | awk 'END { print $2 }')
[ -n "$architecture" ] || fail "the RPM database of $DISK tells no architecture"
echo "$architecture" >"$DATABASE/architecture"
