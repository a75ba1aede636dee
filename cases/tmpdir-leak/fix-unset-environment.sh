systemctl unset-environment TMPDIR # the cure
clamd_restart
