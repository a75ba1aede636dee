# Runs in every container that is started: ends when clamd answers. There is no saved state to be had whose caches would be
# worth warming. Ends with 4 where it is clamd that does not work.
set -eu
clamd_failed() { [ $((tries % 20)) -eq 0 ] && [ -d /run/systemd/system ] && systemctl is-failed --quiet "$CLAMD_UNIT.service"; }
tries=0
until [ "$(echo nPING | timeout 5 nc -U "$CLAMD_SOCKET" 2>/dev/null)" = PONG ]; do
    tries=$((tries + 1))
    if [ $tries -ge 300 ] || clamd_failed; then
        echo "clamd does not answer on $CLAMD_SOCKET" >&2
        exit 4
    fi
    sleep 0.05
done

# Cases begin with an empty log.
: >"$CLAMD_LOG"
