break_guest # the fault
: >/var/log/audit/audit.log
