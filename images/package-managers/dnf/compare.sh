# On the host: what differs between two package files, a line each: what they ask for and bring, files, scriptlets, and
# the changelog entries that came.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# unpack FILE FOLDER: its files, and in RPM/ what is in its header.
unpack() (
    ask() { rpm --query --nosignature --queryformat "$1" --package "$file"; }
    file=$1
    mkdir -p "$2/RPM"
    cd "$2"
    rpm2archive --nocompression - <"$file" | tar --extract --no-same-owner --mode=u+rwX
    {
        for tag in Version:EVR Summary License URL Vendor; do ask "${tag%:*}: %{${tag#*:}}\n"; done
        for tag in Requires Provides Conflicts Obsoletes Recommends Suggests Supplements Enhances; do
            ask "[$tag: %{${tag%s}NEVRS}\n]" | grep -v ' rpmlib(' | sort -u || :
        done
        ask '[%{FILEFLAGS:fflags} %{FILENAMES}\n]' |
            sed -n 's/^[a-z]*n[a-z]* /Config(noreplace): /p; s/^[a-z]*c[a-z]* /Config: /p'
    } >RPM/header
    for each in pretrans:PRETRANS pre:PREIN post:POSTIN preun:PREUN postun:POSTUN posttrans:POSTTRANS; do
        tag=${each#*:}
        ask "%|$tag?{%{$tag}\n}|" >"RPM/%${each%:*}"
    done
    rpm --query --nosignature --triggers --filetriggers --package "$file" >RPM/%triggers
    find RPM -empty -delete
    ask '[* %{CHANGELOGTIME:day} %{CHANGELOGNAME}\n%{CHANGELOGTEXT}\n]' >"$2.changes"
)
unpack "$1" "$work/before"
unpack "$2" "$work/after"

# Documentation is told by its changelog alone. Links to build ids are others with each build.
listing() (
    cd "$work/$1"
    find . ! -type d ! -path './usr/share/doc/*' ! -path './usr/lib/.build-id/*' ! -path './RPM/header' | LC_ALL=C sort |
        while read -r file; do
            if [ -L "$file" ]; then printf '%s %s\n' "${file#./}" "$(readlink "$file")"; else
                printf '%s %s\n' "${file#./}" "$(sha256sum <"$file")"
            fi
        done
)
listing before >"$work/listed-before"
listing after >"$work/listed-after"

diff "$work/before/RPM/header" "$work/after/RPM/header" | sed -n 's/^< /- /p; s/^> /+ /p'
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
diff "$work/before.changes" "$work/after.changes" | sed -n 's/^> /changelog: /p' | grep -v ': *$' | head -n 40 || :
