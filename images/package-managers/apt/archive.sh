# Sourced on the host by the scripts that look for packages: an apt of the guest's, apart from this host's own.
#
#   $DATABASE        the guest's package database, as database.sh copied it
#   $BELOW           package files, one a line, that are taken as installed over it
#   $SCOPE           names of packages, or "all"; empty: those of the source that clamd is of
#   $SUITE $POCKETS  where the image's own packages are from
#   $CACHE           a folder of these scripts' own, kept between calls; nobody else is in it meanwhile

refuse() {
    echo "$1" >&2
    exit "${2:-2}"
}

for tool in apt-get dpkg-deb; do
    command -v $tool >/dev/null || refuse "this host has no $tool: name package files that it need not look for" 1
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The guest's database with the packages of $BELOW in it.
mkdir -p "$work/dpkg" "$CACHE/archives/partial"
ln -s "$DATABASE/dpkg/info" "$work/dpkg/info"
{
    echo "$BELOW" | while read -r file; do
        [ -z "$file" ] || { dpkg-deb --field "$file" | sed 's/^Package:.*/&\nStatus: install ok installed/' && echo; }
    done
    cat "$DATABASE/dpkg/status"
} | awk -v RS= -v ORS='\n\n' '{ name = $0; sub(/^(.*\n)?Package: */, "", name); sub(/\n.*/, "", name) } !seen[name]++' \
    >"$work/dpkg/status"

# installed FORMAT [NAME…]: of the packages that are.
installed() (
    format=$1
    shift
    dpkg-query --admindir="$work/dpkg" --show --showformat "\${db:Status-Status} $format\n" "$@" 2>/dev/null |
        sed -n 's/^installed //p'
)
architecture=$(installed '${Architecture}' dpkg)

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

# The mirrors are those of this host's own apt. A suite's security pocket has one of its own.
mirror_of() (
    case $1 in *-security) security=1 ;; *) security=0 ;; esac
    apt-get indextargets --format '$(ORIGIN) $(RELEASE) $(REPO_URI)' 'Created-By: Packages' |
        awk -v security=$security '$1 == "Debian" && ($2 ~ /-security$/) == security && !found++ { print $3 }'
)

# The suites of the image, one a line.
own_suites() {
    [ -n "$SUITE" ] || return 0
    echo "$SUITE"
    for pocket in $POCKETS; do echo "$SUITE-$pocket"; done
}

guest_apt() (
    tool=$1
    shift
    exec "$tool" -o Dir::State="$state" -o Dir::State::status="$work/dpkg/status" -o Dir::Cache="$state/cache" \
        -o Dir::Etc::sourcelist="$state/sources.list" -o Dir::Etc::sourceparts=- -o Dir::Etc::preferences=- \
        -o Dir::Etc::preferencesparts=- -o APT::Architecture="$architecture" -o APT::Architectures="$architecture" \
        -o APT::Default-Release= -o APT::Sandbox::User= -o Debug::NoLocking=true -o Acquire::Languages=none \
        -o Acquire::Check-Valid-Until=false -o Acquire::ForceHash=SHA256 -o Acquire::Retries=3 -o APT::Update::Error-Mode=any "$@"
)

# look_in SUITES…: apt knows these from here on. Lists are asked for again when they are an hour old; without a way to
# the mirror, those there are will do.
look_in() {
    state=$CACHE/$(echo "$architecture $*" | tr ' /' '+_')
    mkdir -p "$state/lists/partial" "$state/cache"
    for each in "$@"; do
        mirror=$(mirror_of "$each")
        [ -n "$mirror" ] || refuse "apt on this host knows no mirror that could have the suite $each" 1
        echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $each main"
    done >"$state/sources.list"
    [ -z "$(find "$state/fresh" -mmin -60 2>/dev/null)" ] || return 0
    if guest_apt apt-get update --quiet --quiet >"$work/words" 2>&1; then
        touch "$state/fresh"
    elif ! [ -e "$state/fresh" ]; then
        refuse "there is no suite that could be read at the mirrors of this host: $(grep '^E: ' "$work/words" | head -n 1 || :)"
    fi
}

# on_offer NAME…: "NAME VERSION SUITE" of what is there, the newest first.
on_offer() {
    guest_apt apt-cache madison "$@" | awk -F ' *[|] *' '{ sub(/^ */, "", $1); split($3, place, /[ \/]+/) }
        { where = $3; sub(/^[^ ]+ /, "", where); sub(/\/.*/, "", where); print $1, $2, where }'
}
