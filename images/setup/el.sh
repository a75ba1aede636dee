# As every recipe for EL has it: clamd as a service for whoever asks, on its own socket, with a log.
sed -i -e 's/^Example/#Example/' -e 's/^#\(LocalSocket\|LogFile\) /\1 /' "$CLAMD_CONF"
touch "$CLAMD_LOG"
chown "$CLAMD_USER:" "$CLAMD_LOG"
restorecon -RF "$CLAMD_LOG" "$CLAMD_DATABASE"
