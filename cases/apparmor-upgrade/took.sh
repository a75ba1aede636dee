# The profile is loaded to be enforced, and clamd is in it.
grep -x '/usr/sbin/clamd (enforce)' /sys/kernel/security/apparmor/profiles
grep -x '/usr/sbin/clamd (enforce)' "/proc/$(clamd_pid)/attr/current"
