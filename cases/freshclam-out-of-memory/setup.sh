# 80,000 signatures a day, which take 13 MB of memory while they are tested. The update is a unit of the site's own that gets 8.
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
