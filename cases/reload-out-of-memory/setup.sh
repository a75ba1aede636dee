# 200,000 signatures, 43 MB of memory, 76 MB while two sets are loaded; the unit gets 60 MB.
write_infected /home/clamproof/infected
awk 'BEGIN { for (i = 1; i <= 200000; i++)
    printf "%08x%08x%08x%08x:%d:Filler-%d\n", i * 7919 % 4294967296, i * 104729 % 4294967296, i, i * 31, 1000 + i, i }' \
    >"$CLAMD_DATABASE/filler.hdb"
chmod 0644 "$CLAMD_DATABASE/filler.hdb"
mkdir -p "/etc/systemd/system/$CLAMD_UNIT.service.d"
printf '[Service]\nMemoryMax=60M\nMemorySwapMax=0\n' >"/etc/systemd/system/$CLAMD_UNIT.service.d/memory.conf"
systemctl daemon-reload
conf_set IdleTimeout 1 # a reload of one set waits until no thread is left
conf_set ConcurrentDatabaseReload no
clamd_restart
