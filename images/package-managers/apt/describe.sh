# On the host: "NAME VERSION" of each package file named, in their order. Exit 2 and a sentence where one cannot be
# installed on the guest whose package database is $DATABASE, whatever else there is.
guest=$(dpkg-query --admindir "$DATABASE/dpkg" --show --showformat '${Architecture}' dpkg)
for file in "$@"; do
    if ! said=$(dpkg-deb --fsys-tarfile "$file" 2>&1 >/dev/null); then
        echo "$file is damaged, or no Debian package: $said" >&2
        exit 2
    fi
    architecture=$(dpkg-deb --field "$file" Architecture)
    case $architecture in
    all | "$guest") ;;
    *)
        echo "$file is for $architecture; the guest is $guest" >&2
        exit 2
        ;;
    esac
    dpkg-deb --show --showformat '${Package} ${Version}\n' "$file"
done
