echo "TELL='clamdscan --config-file=$CLAMD_CONF --reload'" >/etc/default/update-signatures # the cure
