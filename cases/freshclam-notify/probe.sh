# Malware that nobody knew a moment ago. Its signature comes by freshclam, and clamd is asked at once.
new=/home/clamproof/new
write_new "$new"
reloads=$(clamd_reloads)
freshclam_publish "$new"
freshclam_update | tee "$(scratch freshclam)"
reloaded() { [ "$(clamd_reloads)" -gt "$reloads" ]; }
! grep -q 'Clamd successfully notified' "$(scratch freshclam)" || await 20 "clamd to load the new signatures" reloaded
must_find stream "$new"
