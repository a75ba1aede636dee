# With Foreground true the init script stops nothing either.
clamd_stop || :
pid=$(clamd_pid) || :
gone() { [ ! -e "/proc/$pid" ]; }
if [ "$FACT_INIT" != systemd ] && [ -n "$pid" ]; then
    kill "$pid"
    await 20 "clamd to end" gone
fi
"$CLAMD_INITSCRIPT" start || echo "clamd does not come up"
