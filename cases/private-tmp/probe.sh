scratch webapp >/dev/null
rm -f /tmp/webapp-upload
systemctl start webapp.service
cat /run/clamproof/webapp
case $(tail -n 1 /run/clamproof/webapp) in 0) outcome=clean ;; 1) outcome=found ;; *) outcome=error ;; esac
grep -qx OPTION= /etc/default/webapp || because "the client opens the file, not clamd"
report_scan "$VARIANT_METHOD" yes "$outcome" /tmp/webapp-upload
[ "$outcome" = found ]
