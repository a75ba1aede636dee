# What the kernel answers clamd while it takes a stream.
trace=$(scratch trace)
pid=$(clamd_pid)
traced() { ! grep -h '^TracerPid:[[:blank:]]*0$' "/proc/$pid/task/"*/status >/dev/null; }

strace -f -p "$pid" -e trace=%file -o "$trace" &
strace=$!
await 20 "strace to attach to clamd" traced
must_find stream /home/clamproof/infected || :
kill "$strace"
wait "$strace" || :
grep /tmp/ "$trace"
