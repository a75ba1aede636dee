# An upload, as the application writes and scans it.
. /etc/default/webapp
[ "$METHOD" = path ] || because "the client opens the file, not clamd"
rm -f /tmp/upload-*
upload=/tmp/upload-$$
umask "$UMASK"
runuser -u www-data -- sh -c "cat /home/clamproof/infected >$upload"
option=--$METHOD
[ "$METHOD" != path ] || option=
outcome=clean
runuser -u www-data -- clamdscan --config-file="$CLAMD_CONF" --no-summary ${option:+"$option"} "$upload" 2>&1 ||
    case $? in 1) outcome=found ;; *) outcome=error ;; esac
report_scan "$METHOD" yes "$outcome" "$upload"
[ "$outcome" = found ]
