# A place every user may read and AppArmor lets clamd read too, so that nothing but the leak can be in the way.
write_infected /home/clamproof/infected

# The init script runs four programs for every line of clamd.conf, at each start and each stop: in an emulated
# guest nearly all of a cell's time. The lines that say what is default anyway go.
if [ "$FACT_INIT" = sysvinit ]; then
    own=$(grep -E '^(LocalSocket|LocalSocketGroup|LocalSocketMode|User|LogFile|LogTime) ' "$CLAMD_CONF")
    echo "$own" >"$CLAMD_CONF"
fi
