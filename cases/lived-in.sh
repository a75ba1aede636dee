# What a site has done to its guest before an upgrade comes: run before every case of `clamproof upgrade`, on both
# sides. The files of clamd stay where its package's AppArmor profile and SELinux labels expect them.

# A log of the site's own. Cases go on reading $CLAMD_LOG.
log=${CLAMD_LOG%/*}/this-site.log
ln -sf "${log##*/}" "$CLAMD_LOG"
conf_write LogFile "$log"

# A key of an old clamd.conf, which clamd has not known since 0.101 and warns of.
conf_write AllowSupplementaryGroups true

# A configuration file of the package, changed: the package manager has to decide between two.
for file in /etc/logrotate.d/"$CLAMD_UNIT" /etc/init.d/"$CLAMD_UNIT"; do
    [ ! -e "$file" ] || echo '# looked at by the administrator' >>"$file"
done

# Data, and files of an application.
mkdir -p /srv/data
for name in one two three; do write_harmless "/srv/data/$name"; done

# By hand: what is done to a guest before cases knows no facts of it.
if [ -d /run/systemd/system ]; then
    systemctl restart "$CLAMD_UNIT"
else
    service "$CLAMD_UNIT" restart
fi
