# Malware that nobody knew a moment ago. Its signature is in the update, and clamd is asked after it.
new=/home/clamproof/new
write_new "$new"
reloads=$(clamd_reloads)
freshclam_publish "$new"
cat "$CLAMD_DATABASE/feed/filler" >>"$CLAMD_DATABASE/feed/site.hdb"
if systemctl start site-freshclam; then
    reloaded() { [ "$(clamd_reloads)" -gt "$reloads" ]; }
    await 60 "clamd to load the new signatures" reloaded
fi
for folder in "$CLAMD_DATABASE"/tmp.*; do
    [ ! -e "$folder" ] || echo "$folder is left behind"
done
must_find stream "$new"
