# An ordinary user opens an infected file. clamonacc takes a while to come up, or ends.
opens() { runuser -u nobody -- cat /srv/watched/infected >/dev/null 2>&1; }
settled() { grep -q 'watching ./srv/watched' /var/log/on-access.log || ! systemctl is-active --quiet on-access.service; }
await 30 "clamonacc" settled
tries=$(scaled 10)
while opens; do
    if [ "$tries" -le 0 ]; then
        report_scan on-access yes clean /srv/watched/infected
        echo "an ordinary user read an infected file"
        exit 75
    fi
    tries=$((tries - 1))
    sleep 0.1
done
report_scan on-access yes found /srv/watched/infected
