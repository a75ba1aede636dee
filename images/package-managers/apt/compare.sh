# On the host: what differs between two package files, a line each: what they ask for, files, maintainer scripts, and
# the changelog entries that came.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
dpkg-deb --raw-extract "$1" "$work/before"
dpkg-deb --raw-extract "$2" "$work/after"

# Documentation is told by its changelog alone.
listing() (
    cd "$work/$1"
    find . ! -type d ! -path './usr/share/doc/*' ! -path './DEBIAN/md5sums' ! -path './DEBIAN/control' | LC_ALL=C sort |
        while read -r file; do
            if [ -L "$file" ]; then printf '%s %s\n' "${file#./}" "$(readlink "$file")"; else
                printf '%s %s\n' "${file#./}" "$(sha256sum <"$file")"
            fi
        done
)
listing before >"$work/listed-before"
listing after >"$work/listed-after"

diff "$work/before/DEBIAN/control" "$work/after/DEBIAN/control" | sed -n 's/^< /- /p; s/^> /+ /p' |
    grep -v -e '^. Installed-Size:' || :
LC_ALL=C join -a 1 -a 2 -e '' -o 0,1.2,2.2 "$work/listed-before" "$work/listed-after" | while read -r file one other; do
    if [ -z "$other" ]; then
        if grep -q "^$file " "$work/listed-before"; then echo "- $file"; else echo "+ $file"; fi
    elif [ "$one" != "$other" ]; then
        echo "changed $file"
        [ "$(wc -c <"$work/after/$file")" -gt 65536 ] ||
            diff --text "$work/before/$file" "$work/after/$file" | sed -n 's/^< /    - /p; s/^> /    + /p' | head -n 20 |
            { grep -v '[^[:print:][:space:]]' || :; }
    fi
done

changelog() { find "$work/$1/usr/share/doc" -name 'changelog.Debian.gz' -exec zcat {} \; 2>/dev/null || :; }
changelog before >"$work/changes-before"
changelog after >"$work/changes-after"
diff "$work/changes-before" "$work/changes-after" | sed -n 's/^> /changelog: /p' | grep -v ': *$' | head -n 40 || :
