daemon=$(pidof -s auditd)
lost() { auditctl -s | sed -n 's/^lost //p'; }
before=$(lost) batches=0
auditctl --backlog_wait_time 0 -b 64 >/dev/null
kill -STOP "$daemon"
# How many fit on the way to auditd differs from kernel to kernel.
until [ "$(lost)" != "$before" ] || [ $batches -eq 20 ]; do
    for number in $(seq 200); do auditctl -m "flood $number" >/dev/null || :; done
    batches=$((batches + 1))
done
kill -CONT "$daemon"
auditctl -b 8192 >/dev/null
break_guest
