grep -x '/usr/sbin/clamd (enforce)' "/proc/$(clamd_pid)/attr/current"
