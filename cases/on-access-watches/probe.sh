# An ordinary user opens an infected file. clamonacc takes a while to come up, or ends.
opens() { runuser -u nobody -- cat /srv/watched/60/infected >/dev/null 2>&1; }
settled() { ! opens || ! systemctl is-active --quiet on-access.service; }
await 30 "clamonacc" settled
if opens; then
    report_scan on-access yes clean /srv/watched/60/infected
    echo "an ordinary user read an infected file"
    exit 1
fi
report_scan on-access yes found /srv/watched/60/infected
