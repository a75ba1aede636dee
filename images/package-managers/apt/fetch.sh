# On the host: package files for what a person asked for in $WANTED, a path a line. It is a folder of package files, a
# folder with an index of them, a suite ("bookworm-security"), or a version of the packages in question. What they need
# comes along. Nothing is printed where the guest has all of it already. archive.sh tells the other variables.
#
# Exit 2: what was asked for does not exist; 4: there is no way to install it. Why is on standard error.
. "${0%/*}/archive.sh"

# A repository's folder is looked at anew each time. What its packages need is in it or in the guest.
look_in_folder() {
    index=$WANTED
    state=$work/state
    mkdir -p "$state/lists/partial" "$state/cache"
    echo "deb [trusted=yes] copy:$(realpath "$index") ./" >"$state/sources.list"
    guest_apt apt-get update --quiet --quiet >"$work/words" 2>&1 ||
        refuse "the folder $index is no repository: $(grep '^E: ' "$work/words" | head -n 1 || :)"
    suite=.
}

case $WANTED in
*/*)
    if [ -e "$WANTED/Packages" ] || [ -e "$WANTED/Packages.gz" ] || [ -e "$WANTED/Packages.xz" ]; then
        look_in_folder
    else
        files=$(find "$WANTED" -maxdepth 1 -name '*.deb' | sort)
        [ -n "$files" ] || refuse "the folder $WANTED holds no package files (*.deb)"
        echo "$files"
        exit 0
    fi
    ;;
[0-9]*)
    suite=
    # shellcheck disable=SC2046  # suites are words
    look_in $(own_suites)
    ;;
*)
    suite=$WANTED
    # A pocket's packages may need what its suite has.
    # shellcheck disable=SC2046
    look_in $({ own_suites && echo "$suite" && echo "${suite%%-*}"; } | sort -u)
    ;;
esac

# shellcheck disable=SC2086  # names are words
offers=$(on_offer $scope)
of_leader=$(echo "$offers" | awk -v leader="$leader" '$1 == leader')
there_are="there are: $(echo "$of_leader" | awk 'NF { print $2 " (" $3 ")" }' | paste -sd' ' | sed 's/^$/none/')"

# The whole version, or as much of its beginning as is a version itself: 1.4.6 for 1.4.6+dfsg-0+deb12u1. The other
# packages come from the suite that has it.
version=
if [ -z "$suite" ]; then
    found=$(echo "$of_leader" | awk -v wanted="$WANTED" '
        $2 == wanted || (index($2, wanted) == 1 && substr($2, length(wanted) + 1, 1) !~ /[0-9.]/) { print $2, $3; exit }')
    [ -n "$found" ] || refuse "there is no version $WANTED of $leader for this image; $there_are"
    version=${found%% *}
    suite=${found#* }
fi

wanted=$(echo "$offers" | awk -v suite="$suite" -v leader="$leader" -v version="$version" \
    '$3 == suite && !(version != "" && $1 == leader && $2 != version) && !seen[$1]++ { print $1 "=" $2 }')
[ "$SCOPE" = all ] || echo "$wanted" | grep -q "^$leader=" || refuse "$WANTED has no $leader; $there_are"

# With no archives at hand apt tells all that it would download, with what the index vouches for.
mkdir -p "$work/none/partial"
# shellcheck disable=SC2086
plan() {
    guest_apt apt-get install --yes --quiet --quiet --no-install-recommends --allow-downgrades \
        -o Dir::Cache::archives="$1" "$2" $wanted
}
plan "$work/none" --print-uris >"$work/uris" 2>"$work/words" ||
    refuse "$(grep -v '^W: ' "$work/words" "$work/uris" -h)" 4
sed -n "s/^'[^']*' \([^ ]*\) [0-9]* SHA256:\([0-9a-f]*\)$/\2  \1/p" "$work/uris" >"$work/sums"
[ -s "$work/sums" ] || exit 0

archives=$CACHE/archives
complete() { (cd "$archives" && sha256sum --check --status "$work/sums" 2>/dev/null); }
if ! complete; then
    # apt compares only sizes with what is there.
    (cd "$archives" && sha256sum --check "$work/sums" 2>/dev/null) | sed -n 's/: FAILED.*//p' |
        while read -r file; do rm -f "$archives/$file"; done
    plan "$archives" --download-only >"$work/words" 2>&1 || refuse "$(cat "$work/words")" 1
    complete || refuse "what was downloaded to $archives is not what the index vouches for" 1
fi
sed "s,^[0-9a-f]*  ,$archives/," "$work/sums"
