# The permissions let clamd's user read it: without SELinux it would be scanned.
. /etc/default/webapp
runuser -u "$CLAMD_USER" -- wc -c "$UPLOADS/upload"
