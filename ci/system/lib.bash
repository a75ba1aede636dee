# Shared by the tests on real guests. Each test file sources it, makes its checks, and leaves its counts in $OUT.

name=$(basename "$0")
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
: "${CLAMPROOF:=$top/build/ci/clamproof}" "${OUT:=$top/out/test}" "${FORM:=long}"
work=$OUT/$name
rm -rf "$work"
mkdir -p "$work"
good=0 bad=0 left=0
trap 'echo "$good $bad $left" >"$OUT/$name.count"' EXIT
: >"$OUT/$name.count"

pass() { good=$((good + 1)) && echo "  ok      $1"; }
fail() { bad=$((bad + 1)) && echo "  FAILED  $1"; }

# skip WHAT WHY: counted, and told.
skip() { left=$((left + 1)) && echo "  skipped $1: $2"; }

# check WHAT COMMAND…: the command succeeds.
check() {
    local what=$1
    shift
    if "$@" >"$work/last" 2>&1; then pass "$what"; else
        fail "$what"
        sed 's/^/          /' "$work/last" | tail -n 15
    fi
}

# expect WHAT EXIT REGEX COMMAND…: the command ends with that status and its output, both streams, has a match. Keeps the
# output in $work/last.
expect() {
    local what=$1 status=$2 regex=$3 got=0
    shift 3
    "$@" >"$work/last" 2>&1 || got=$?
    if [ "$got" -eq "$status" ] && grep -Eq -- "$regex" "$work/last"; then pass "$what"; else
        fail "$what (exit $got, expected $status and /$regex/)"
        sed 's/^/          /' "$work/last" | tail -n 15
    fi
}

# verdict_is FILE IMAGE CASE VERDICT: what a results.json says of a cell.
verdict_is() {
    grep -Eq "\"image\": ?\"$2\", ?\"case\": ?\"$3\",.*\"verdict\": ?\"$4\"" "$1"
}

# long_form WHAT: whether what takes long is run, too. Where it is not, that is told.
long_form() { [ "$FORM" = long ] || { echo "  (only by ci/test --all: $1)" && false; }; }

# fails COMMAND…: the command does not succeed.
fails() { ! "$@"; }

# debian_packages NAME…: they are installed, or can be. What that said is in $work/installed.log.
debian_packages() { "$top/ci/packages" "$@" >>"$work/installed.log" 2>&1; }

# node_packages NAME…: they are in $work/node_modules.
node_packages() {
    command -v npm >/dev/null || debian_packages nodejs npm || return
    (cd "$work" && npm install --no-save --no-fund --no-audit "$@") >>"$work/installed.log" 2>&1
}

# Guests of this test: ci/hosts, which may run beside it, has processes of its own.
running_guests() { pgrep --ns $$ --nslist pid -af 'qemu-system.*guest=clamproof-'; }
no_guest_runs() { ! running_guests >/dev/null; }

# within SECONDS COMMAND…: the command succeeds some time within.
within() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.1
    done
}
