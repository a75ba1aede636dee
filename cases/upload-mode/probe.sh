# An upload, as the application writes and scans it.
. /etc/default/webapp
[ "$METHOD" = path ] || because "the client opens the file, not clamd"
rm -f /tmp/upload-*
upload=/tmp/upload-$$
umask "$UMASK"
runuser -u www-data -- sh -c "cat /home/clamproof/infected >$upload"
scanner="runuser -u www-data --"
must_find "$METHOD" "$upload"
