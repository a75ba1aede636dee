# clamav-daemon as well: from 1.4.6+dfsg-1~deb13u1 (Debian 13.8) on its maintainer script only enables clamav-clamonacc, so
# that a clamd freshly installed would not be there after a boot.
systemctl enable clamproof-shell.service clamav-daemon.service
systemctl set-default multi-user.target

# Timers and freshclam: nothing may wake up in the middle of a case or reach for the network.
systemctl mask apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer \
    logrotate.timer systemd-tmpfiles-clean.timer clamav-freshclam-once.timer \
    clamav-freshclam.service clamav-freshclam-once.service e2scrub_reap.service

# Terminals: nobody sits at one.
systemctl mask getty.target systemd-ask-password-console.path systemd-ask-password-wall.path

# Hardware, file systems and records of a machine that lives longer than a guest does. Each costs a tenth of a
# second to a second and a half in an emulated guest; none has to do with clamd, PAM or an LSM.
systemctl mask systemd-logind.service systemd-pstore.service systemd-repart.service systemd-firstboot.service \
    systemd-binfmt.service proc-sys-fs-binfmt_misc.automount systemd-pcrphase.service \
    systemd-pcrphase-sysinit.service systemd-random-seed.service systemd-sysusers.service \
    systemd-journal-flush.service systemd-machine-id-commit.service systemd-remount-fs.service \
    systemd-update-utmp.service systemd-update-utmp-runlevel.service systemd-modules-load.service \
    kmod-static-nodes.service systemd-tmpfiles-setup-dev.service systemd-hwdb-update.service \
    systemd-journal-catalog-update.service systemd-update-done.service rc-local.service \
    cryptsetup.target integritysetup.target veritysetup.target remote-fs.target \
    dev-hugepages.mount dev-mqueue.mount sys-fs-fuse-connections.mount sys-kernel-config.mount \
    sys-kernel-debug.mount sys-kernel-tracing.mount systemd-initctl.socket systemd-journald-audit.socket

# /run/nologin is made by one and taken away by the other.
systemctl mask systemd-user-sessions.service
ln -s /dev/null /etc/tmpfiles.d/systemd-nologin.conf

# Generators make units of partitions, of the kernel line and of old init scripts. There is nothing to make here,
# and all of them together take a second and a half in an emulated guest.
mkdir -p /etc/systemd/system-generators
for generator in /lib/systemd/system-generators/*; do
    ln -s /dev/null "/etc/systemd/system-generators/${generator##*/}"
done
