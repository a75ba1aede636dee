new=/home/clamproof/new
write_new "$new"
freshclam_publish "$new"
reloads=$(clamd_reloads)
freshclam_update
reloaded() { [ "$(clamd_reloads)" -gt "$reloads" ]; }
await 20 "clamd to load the new signatures" reloaded
must_find stream "$new"
