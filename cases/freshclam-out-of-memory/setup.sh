# 80,000 signatures a day. The test of 50,000 is killed in a unit of 8 MB already, which the site's own unit has; without the
# test 6 MB are enough.
freshclam_offline
echo 'TestDatabases no' >>"$(freshclam_conf)"
awk 'BEGIN { for (i = 1; i <= 80000; i++)
    printf "%08x%08x%08x%08x:%d:Filler-%d\n", i * 7919 % 4294967296, i * 104729 % 4294967296, i, i * 31, 1000 + i, i }' \
    >"$CLAMD_DATABASE/feed/filler"
cat >/etc/systemd/system/site-freshclam.service <<'UNIT'
[Service]
Type=oneshot
ExecStart=/usr/bin/freshclam --update-db=custom
MemoryMax=8M
MemorySwapMax=0
UNIT
systemctl daemon-reload
clamd_restart
