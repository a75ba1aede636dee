# Stopped first: a socket systemd still held would hide that it cannot be made again. With the fault in force
# clamd may not come up; whether it serves is for the probe to say.
clamd_try_restart
