# Runs in the booted guest: ends when clamd scans and the caches are warm, so that the saved state holds them. Ends with 4
# where it is clamd that does not work.
set -eu
/usr/lib/clamproof/booted

# A guest knows the test signature. A whole database takes more memory than it has, and would make a different clamd of it.
for file in "$CLAMD_DATABASE"/*.c[lv]d; do
    [ ! -e "$file" ] || { echo "a database has come along: $file" >&2 && exit 1; }
done

# No use in waiting for a clamd that systemd has given up. Asked every two seconds.
clamd_failed() { [ $((tries % 10)) -eq 0 ] && [ -d /run/systemd/system ] && systemctl is-failed --quiet "$CLAMD_UNIT.service"; }

tries=0
until [ "$(echo nPING | timeout 5 nc -U "$CLAMD_SOCKET" 2>/dev/null)" = PONG ]; do
    tries=$((tries + 1))
    if [ $tries -ge $((100 * ${CLAMPROOF_SCALE:-1})) ] || clamd_failed; then
        state=$(systemctl show -p ActiveState -p UnitFileState --value "$CLAMD_UNIT.service" 2>/dev/null | paste -sd ' ') || true
        echo "clamd does not answer on $CLAMD_SOCKET${state:+; its unit is $state}" >&2
        exit 4
    fi
    sleep 0.2
done

# In two parts, so that this file is not what it makes.
eicar=$(printf '%s%s' 'X5O!P%@AP[4\PZX54(P^)7CC)7}$' 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*')
mkdir -p /run/clamproof
printf '%s' "$eicar" >/run/clamproof/settle
status=0
clamdscan --config-file="$CLAMD_CONF" --no-summary --stream /run/clamproof/settle || status=$?
rm /run/clamproof/settle
if [ $status -ne 1 ]; then
    echo "clamd does not find the test signature" >&2
    exit 4
fi

# What cases start is read from the disk once, here, and not in every arm.
for program in /usr/lib/clamproof/warm/*; do
    [ ! -e "$program" ] || "$program"
done

# Cases begin with an empty log.
: >"$CLAMD_LOG"
/usr/lib/clamproof/state >/dev/null
sync
