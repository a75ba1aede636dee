echo 'TELL="pkill -HUP -x clamd"' >/etc/default/update-signatures
