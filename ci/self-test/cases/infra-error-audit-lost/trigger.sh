break_guest # the fault
daemon=$(pidof -s auditd)
auditctl --backlog_wait_time 0 -b 64 >/dev/null
kill -STOP "$daemon"
for number in $(seq 400); do auditctl -m "flood $number" >/dev/null || :; done
kill -CONT "$daemon"
auditctl -b 8192 >/dev/null
