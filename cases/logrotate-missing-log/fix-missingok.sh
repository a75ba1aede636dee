snippet=/etc/logrotate.d/clamav-daemon
grep -q missingok "$snippet" || sed -i '/{/a\     missingok' "$snippet" # the cure
