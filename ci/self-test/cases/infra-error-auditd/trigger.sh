break_guest # the fault
systemctl kill --signal KILL auditd
# Now or by its own means: systemd starts it again.
systemctl reset-failed auditd || :
systemctl start auditd
