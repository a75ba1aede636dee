# An update has come: the same clamd is to be there after it.
clamd_answers || clamd_restart
pid=$(clamd_pid)
reloads=$(clamd_reloads)
clamd_say RELOAD || :
ended() { [ ! -e "/proc/$pid" ] || [ "$(clamd_reloads)" -gt "$reloads" ]; }
await 60 "clamd to reload or to end" ended
[ -e "/proc/$pid" ] || { echo "clamd did not outlive the reload" && exit 1; }
must_find stream /home/clamproof/infected
