echo 'TELL="pkill -USR2 -x clamd"' >/etc/default/update-signatures # the cure
