journalctl --sync
journalctl --boot --no-pager --output cat --unit site-freshclam.service --lines 20
