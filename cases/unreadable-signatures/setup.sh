write_infected /home/clamproof/infected
if [ "$VARIANT_MOMENT" = reload ]; then
    conf_set ConcurrentDatabaseReload no
    conf_set IdleTimeout 1 # such a reload waits until no thread is left, 30 s by default
    clamd_restart
fi
