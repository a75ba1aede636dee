[ "$FACT_INIT" = sysvinit ] || because "systemd's unit passes --foreground itself"
[ -z "$(clamd_pid)" ] || clamd_wait
must_find stream /home/clamproof/infected
