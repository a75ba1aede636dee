# With Foreground true the init script stops nothing either.
clamd_stop || :
pid=$(clamd_pid) || :
gone() { [ -z "$pid" ] || [ ! -e "/proc/$pid" ]; }
[ "$FACT_INIT" = systemd ] || gone || kill "$pid"
[ "$FACT_INIT" = systemd ] || await 20 "clamd to end" gone
"$CLAMD_INITSCRIPT" start || echo "clamd does not come up"
