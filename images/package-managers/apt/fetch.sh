# On the host: package files for what a person asked for in $WANTED, a path a line. It is a folder of package files, a
# folder with an index of them, a suite ("bookworm-security"), or a version of the packages in question. What they need
# comes along. Nothing is printed where the guest has all of it already. It has no network: mirrors.sh has.
#
#   $DATABASE        the guest's package database, as database.sh copied it
#   $BELOW           package files, one a line, that are taken as installed over it
#   $SCOPE           names of packages, or "all"; empty: those of the source that clamd is of
#
# Exit 2: what was asked for does not exist; 4: there is no way to install it: why is on standard error. Exit 5: files are
# lacking: see package_source.h.
. "${0%/*}/archive.sh"

# The guest's database with the packages of $BELOW in it.
mkdir -p "$work/dpkg"
ln -s "$DATABASE/dpkg/info" "$work/dpkg/info"
status=$work/dpkg/status
{
    echo "$BELOW" | while read -r file; do
        [ -z "$file" ] || { dpkg-deb --field "$file" | sed 's/^Package:.*/&\nStatus: install ok installed/' && echo; }
    done
    cat "$DATABASE/dpkg/status"
} | awk -v RS= -v ORS='\n\n' '{ name = $0; sub(/^(.*\n)?Package: */, "", name); sub(/\n.*/, "", name) } !seen[name]++' >"$status"

# installed FORMAT [NAME…]: of the packages that are.
installed() (
    format=$1
    shift
    dpkg-query --admindir="$work/dpkg" --show --showformat "\${db:Status-Status} $format\n" "$@" 2>/dev/null |
        sed -n 's/^installed //p'
)

# The names of the packages that it is about. The version of the first is the one a person means.
scope=$SCOPE
if [ -z "$scope" ]; then
    scope=$(dpkg-query --admindir="$DATABASE/dpkg" --search '*/sbin/clamd' 2>/dev/null | sed -n '1s/:.*//p')
    [ -n "$scope" ] || refuse "no package of the guest owns a clamd: say --package"
    origin=$(installed '${source:Package}' "$scope")
    scope="$scope $(installed '${source:Package} ${Package}' | awk -v origin="$origin" -v first="$scope" \
        '$1 == origin && $2 != first { print $2 }' | tr '\n' ' ')"
elif [ "$scope" = all ]; then
    scope=$(installed '${Package}')
else
    for name in $scope; do
        [ -n "$(installed '${Package}' "$name")" ] || refuse "the guest has no package $name installed that could change"
    done
fi
leader=$(echo "$scope" | awk '{ print $1; exit }')

# on_offer NAME…: "NAME VERSION SUITE" of what is there, the newest first.
on_offer() {
    guest_apt apt-cache madison "$@" | awk -F ' *[|] *' '{ sub(/^ */, "", $1); split($3, place, /[ \/]+/) }
        { where = $3; sub(/^[^ ]+ /, "", where); sub(/\/.*/, "", where); print $1, $2, where }'
}

# A repository's folder is looked at anew each time. What its packages need is in it or in the guest.
look_in_folder() {
    index=$WANTED
    state=$work/state
    mkdir -p "$state/lists/partial"
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
[0-9]*) suite= ;;
*) suite=$WANTED ;;
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

# apt tells all that it would download, with what the index vouches for.
# shellcheck disable=SC2086
guest_apt apt-get install --yes --quiet --quiet --no-install-recommends --allow-downgrades --print-uris $wanted \
    >"$work/uris" 2>"$work/words" || refuse "$(grep -v '^W: ' "$work/words" "$work/uris" -h)" 4
sed -n "s/^'\([^']*\)' \([^ ]*\) \([0-9]*\) SHA256:\([0-9a-f]*\)$/\4 \2 \3 \1/p" "$work/uris" >"$work/files"

# What is in a person's folder stays there.
while read -r digest name size address; do
    case $address in
    copy:*) file=$(echo "${address#copy:}" | perl -pe 's/%([0-9a-fA-F]{2})/chr hex $1/ge') ;;
    *) file=$CACHE/downloads/$digest/$name ;;
    esac
    if echo "$digest  $file" | sha256sum --check --status 2>/dev/null; then
        echo "$file" >>"$work/found"
    else
        case $address in copy:*) refuse "$file is not what the index of $WANTED vouches for" ;; esac
        printf '%s/%s\t%s\t%s\t%s\n' "$digest" "$name" "$digest" "$size" "$address" >>"$work/lacking"
    fi
done <"$work/files"
if [ -e "$work/lacking" ]; then
    cat "$work/lacking"
    exit 5
fi
[ ! -e "$work/found" ] || cat "$work/found"
