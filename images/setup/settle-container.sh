# Runs in every container that is started: ends when clamd answers. There is no saved state to be had whose caches would be
# worth warming.
set -eu
tries=0
until [ "$(echo nPING | timeout 5 nc -U "$CLAMD_SOCKET" 2>/dev/null)" = PONG ]; do
    tries=$((tries + 1))
    if [ $tries -ge 300 ]; then
        echo "clamd does not answer on $CLAMD_SOCKET" >&2
        exit 1
    fi
    sleep 0.05
done

# Cases begin with an empty log.
: >"$CLAMD_LOG"
