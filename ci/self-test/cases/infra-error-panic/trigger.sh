echo c >/proc/sysrq-trigger # the fault
