# Malware that nobody knew a moment ago. The site's script brings its signature, and clamd is asked at once.
new=/home/clamproof/new
write_new "$new"
reloads=$(clamd_reloads)
/usr/local/sbin/update-signatures "$new"
reloaded() { [ "$(clamd_reloads)" -gt "$reloads" ]; }
grep -q HUP /etc/default/update-signatures || await 20 "clamd to load the new signatures" reloaded
must_find stream "$new"
