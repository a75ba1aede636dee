# The disk with room to spare is /srv. Owner and mode are right.
install -d -o "$CLAMD_USER" /srv/clamd
conf_set TemporaryDirectory /srv/clamd # the fault
clamd_restart
