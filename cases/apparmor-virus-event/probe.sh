alarms() { cat /var/log/clamav/alarms 2>/dev/null | wc -l; }
before=$(alarms)
must_find stream /home/clamproof/infected
tries=$(scaled 20)
until [ "$(alarms)" -gt "$before" ]; do
    [ "$tries" -gt 0 ] || { echo "the detection raised no alarm" && exit 75; }
    tries=$((tries - 1))
    sleep 0.1
done
