# In the guest: makes the archive $ARCHIVE of the RPM database, as "rpm", of what dnf goes by, below "etc", and of what the
# guest is, in "architecture". Below $ROOT, where it is set.
cd "${ROOT-}/"
database=
for folder in usr/lib/sysimage/rpm var/lib/rpm; do
    [ -n "$database" ] || [ -z "$(ls "$folder" 2>/dev/null)" ] || database=$folder
done
if [ -z "$database" ]; then
    echo "there is no RPM database in the guest" >&2
    exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rpm --eval '%{_arch}' >"$work/architecture"
cp -RL "$database" "$work/rpm"
for folder in etc/dnf etc/yum.repos.d etc/pki/rpm-gpg; do
    mkdir -p "$work/${folder%/*}"
    [ ! -d "$folder" ] || cp -RL "$folder" "$work/$folder"
done
tar -C "$work" -czf "$ARCHIVE" .
