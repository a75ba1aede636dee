# clamav-daemon as well: from 1.4.6+dfsg-1~deb13u1 (Debian 13.8) on its maintainer script only enables clamav-clamonacc, so
# that a clamd freshly installed would not be there after a boot.
systemctl enable clamproof-shell.service clamav-daemon.service
systemctl set-default multi-user.target

# Timers and freshclam: nothing may wake up in the middle of a case or reach for the network.
systemctl mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer \
    logrotate.timer systemd-tmpfiles-clean.timer clamav-freshclam-once.timer \
    clamav-freshclam.service clamav-freshclam-once.service e2scrub_reap.service

# Terminals: nobody sits at one, and the console is the host's.
systemctl mask getty.target systemd-ask-password-console.path systemd-ask-password-wall.path
