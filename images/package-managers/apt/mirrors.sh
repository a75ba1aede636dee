# On the host, with its network and its apt's settings, and with nothing of the guest's: brings up to date what the archives
# have to tell, then the packages named on standard input, as fetch.sh asks for them, to $CACHE/downloads.
. "${0%/*}/archive.sh"

case $WANTED in */*) exit 0 ;; esac

# The mirrors are those of this host's own apt. A suite's security pocket has one of its own.
mirror_of() (
    case $1 in *-security) security=1 ;; *) security=0 ;; esac
    apt-get indextargets --format '$(ORIGIN) $(RELEASE) $(REPO_URI)' 'Created-By: Packages' |
        awk -v security=$security '$1 == "Debian" && ($2 ~ /-security$/) == security && !found++ { print $3 }'
)

mkdir -p "$state/lists/partial"
for each in $suites; do
    mirror=$(mirror_of "$each")
    [ -n "$mirror" ] || refuse "apt on this host knows no mirror that could have the suite $each" 1
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $each main"
done >"$state/sources.list"

# Lists are asked for again when they are an hour old; without a way to the mirror, those there are will do.
if [ -z "$(find "$state/fresh" -mmin -60 2>/dev/null)" ]; then
    if guest_apt apt-get update --quiet --quiet >"$work/words" 2>&1; then
        touch "$state/fresh"
    elif ! [ -e "$state/fresh" ]; then
        refuse "there is no suite that could be read at the mirrors of this host: $(grep '^E: ' "$work/words" | head -n 1 || :)"
    fi
fi

# Whoever asks has read what the guest wrote: nothing is fetched from elsewhere than the mirrors.
while read -r place digest _ address; do
    cut -d' ' -f3 "$state/sources.list" | while read -r mirror; do
        case $address in "${mirror%/}"/*) echo known ;; esac
    done | grep -q known || refuse "$address is at no mirror of this host" 1
    mkdir -p "$CACHE/downloads/$digest"
    guest_apt /usr/lib/apt/apt-helper download-file "$address" "$work/part" "SHA256:$digest" >"$work/words" 2>&1 ||
        refuse "$(grep '^E: ' "$work/words" || cat "$work/words")" 1
    mv "$work/part" "$CACHE/downloads/$digest/${place##*/}"
done
