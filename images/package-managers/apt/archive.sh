# Sourced on the host by the scripts that look for packages: an apt of the guest's, apart from this host's own.
#
#   $WANTED          what a person asked for: see fetch.sh
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
mkdir -p "$work/cache"
architecture=$(dpkg --print-architecture)  # a guest has its host's

# The suites of the image, one a line.
own_suites() {
    [ -n "$SUITE" ] || return 0
    echo "$SUITE"
    for pocket in $POCKETS; do echo "$SUITE-$pocket"; done
}

# Those to look in. A pocket's packages may need what its suite has.
case $WANTED in
[0-9]*) suites=$(own_suites) ;;
*) suites=$({ own_suites && echo "$WANTED" && echo "${WANTED%%-*}"; } | sort -u) ;;
esac
state=$CACHE/$(echo "$architecture" $suites | tr ' /' '+_')
status=/dev/null

guest_apt() (
    tool=$1
    shift
    exec "$tool" -o Dir::State="$state" -o Dir::State::status="$status" -o Dir::Cache="$work/cache" \
        -o Dir::Etc::sourcelist="$state/sources.list" -o Dir::Etc::sourceparts=- -o Dir::Etc::preferences=- \
        -o Dir::Etc::preferencesparts=- -o APT::Architecture="$architecture" -o APT::Architectures="$architecture" \
        -o APT::Default-Release= -o APT::Sandbox::User= -o Debug::NoLocking=true -o Acquire::Languages=none \
        -o Acquire::Check-Valid-Until=false -o Acquire::ForceHash=SHA256 -o Acquire::Retries=3 -o APT::Update::Error-Mode=any "$@"
)
