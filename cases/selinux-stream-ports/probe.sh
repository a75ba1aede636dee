# A client scans an infected file: by STREAM where clamd knows it, else by INSTREAM, which took its place.
infected=/home/clamproof/infected

if ! clamd_say VERSIONCOMMANDS | grep -qw STREAM; then
    because "clamd $FACT_CLAMD does not know STREAM: it left in 0.104.0"
    must_find stream "$infected"
    exit
fi

answers=$(scratch answers)
: >"$answers"
answered() { [ -s "$answers" ]; }

# The session stays open while the file goes to the port clamd answers with; the finding comes back on it.
echo STREAM | timeout "$(scaled 30)" nc -U "$CLAMD_SOCKET" >"$answers" &
await 20 "clamd's answer to STREAM" answered
port=$(sed -n 's/^PORT //p' "$answers")
[ -z "$port" ] || nc -N -w "$(scaled 10)" 127.0.0.1 "$port" <"$infected" || echo "cannot send to port $port"
wait
cat "$answers"

case $(cat "$answers") in
*FOUND) outcome=found ;;
*OK) outcome=clean ;;
*) outcome=error ;;
esac
report_scan STREAM yes "$outcome" "$infected"
[ "$outcome" = found ]
