# A filter's spool, where AppArmor's profile for clamd expects amavis' one.
getent group mailfilter >/dev/null || groupadd --system mailfilter
usermod --append --groups mailfilter "$CLAMD_USER"
mkdir -p /var/lib/amavis/tmp
write_infected /var/lib/amavis/tmp/message
chgrp -R mailfilter /var/lib/amavis/tmp
chmod 0750 /var/lib/amavis/tmp
chmod 0640 /var/lib/amavis/tmp/message
clamd_restart
