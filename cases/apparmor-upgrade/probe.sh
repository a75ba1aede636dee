# The application's nightly scan: an infected and a harmless file, then all of /srv.
failed=0
must_find "$VARIANT_METHOD" /srv/app/infected || failed=1
must_pass "$VARIANT_METHOD" /srv/app/harmless || failed=1
must_find "$VARIANT_METHOD" /srv || failed=1
[ "$VARIANT_METHOD" = path ] || because "the client opens the file, not clamd"
exit "$failed"
