# Shared by the tests that are served by a vendor of our own: a server on loopback that offers $site and is a proxy as well,
# keys, and stores of their own. Sourced behind lib.bash, with $template, the definition of the test's own image.

site=$work/site stores=$(mktemp -d)
mkdir -p "$site"
cleanup() {
    [ -z "${server-}" ] || kill "$server"
    rm -rf "$stores" "$site"
    echo "$good $bad $left" >"$OUT/$name.count"
}
trap cleanup EXIT

# open_house: the server runs, and clamproof and its guests ask it; keys are there, the house's among the definitions'.
open_house() {
    python3 "$top/ci/system/cloud-image/server.py" 0 "$site" &
    server=$!
    within 20 test -s "$site/port"
    local address
    address=http://127.0.0.1:$(cat "$site/port")
    export CLAMPROOF_MIRRORS="https://images.example/=$address/ http://packages.example/=$address/" CLAMPROOF_STALL_SECONDS=2
    # Packages are to be had through a proxy alone, which listens on this host's loopback.
    own_proxy=${http_proxy-}
    export http_proxy=$address no_proxy=127.0.0.1

    export GNUPGHOME=$stores/gnupg
    mkdir -m 0700 "$GNUPGHOME"
    gpg --quick-gen-key 'House images' ed25519 sign never
    gpg --quick-gen-key 'Other images' ed25519 sign never
    gpg "${long_ago[@]}" --quick-gen-key 'Old images' ed25519 sign 1d
    images=$work/images
    cp -a "$top/images" "$images"
    mkdir -p "$images/keyrings"
    gpg --armor --export 'House images' >"$images/keyrings/house.asc"
    gpg --export 'House images' 'Old images' >"$images/keyrings/all.gpg"
    # Without a kernel KVM is believed where it runs a BIOS; doctor has tried a kernel.
    accelerator=auto
    ! "$CLAMPROOF" doctor | grep -q 'guests are emulated' || accelerator=tcg
}
close_house() {
    kill "$server"
    wait "$server" 2>/dev/null || :
    server=
}
# outside COMMAND…: with this host's own way to packages.
outside() { if [ -n "$own_proxy" ]; then env http_proxy="$own_proxy" "$@"; else env -u http_proxy -u no_proxy "$@"; fi; }
gpg() { command gpg --batch --quiet --yes --passphrase '' "$@" 2>>"$work/gpg.log"; }
long_ago=(--faked-system-time 20200101T000000)

# publish FILE…: what vendors put beside their images, each in his way.
publish() (
    cd "$site"
    sha256sum --binary "$@" >SHA256SUMS
    sha512sum "$@" >SHA512SUMS
    sha256sum --tag "$@" >CHECKSUM
    for file in "$@"; do sha256sum --tag "$file" >"${file##*/}.CHECKSUM"; done
    gpg -u 'House images' --detach-sign -o SHA256SUMS.gpg SHA256SUMS
    gpg -u 'House images' --detach-sign --armor -o CHECKSUM.asc CHECKSUM
    gpg -u 'House images' --clearsign -o clear-signed CHECKSUM
    gpg -u 'Other images' --clearsign -o other-signed CHECKSUM
    gpg "${long_ago[@]}" -u 'Old images' --clearsign -o old-signed CHECKSUM
)

in_store() { env XDG_CACHE_HOME="$stores/$1" "$CLAMPROOF" "${@:2}" --only-own --images "$images"; }
build() { in_store "$1" image build --accel $accelerator "${@:2}"; }
# What is in a store, without locks and what is known of the host.
content() {
    (cd "$stores/$1/clamproof" && find . -type f ! -name '*.lock' ! -path './accelerators/*' ! -path './libvirt/*' \
        ! -path './failed-builds/*' ! -path './durations.json' | sort)
}

# define NAME SED…: a definition like the test's own, $template, with these changes.
define() {
    local name=$1
    shift
    sed -e '' "$@" "$template" >"$images/$name.json"
}

# refused WHAT REGEX SED…: exit 3, one sentence, and nothing of it in the store.
refused() {
    local what=$1 regex=$2
    shift 2
    define refused "$@"
    rm -rf "$stores/refusing"
    expect "$what is refused" 3 "$regex" build refusing refused
    check "… in one sentence" test "$(grep -vc "^\[" "$work/last")" -eq 1
    check "… and leaves nothing" test -z "$(content refusing)"
}
