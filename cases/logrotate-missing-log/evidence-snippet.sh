snippet=$(grep -lF "$CLAMD_LOG" /etc/logrotate.d/*)
grep -q missingok "$snippet" || echo "there is no missingok for $CLAMD_LOG"
