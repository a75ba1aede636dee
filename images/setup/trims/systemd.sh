# Hardware, file systems and records of a machine that lives longer than a guest does. Each costs a tenth of a second to a
# second and a half in an emulated guest. What makes a session or a unit stays: logind, generators, tmpfiles.
systemctl mask systemd-pstore.service systemd-repart.service systemd-firstboot.service \
    systemd-binfmt.service proc-sys-fs-binfmt_misc.automount systemd-pcrphase.service \
    systemd-pcrphase-sysinit.service systemd-random-seed.service systemd-sysusers.service \
    systemd-journal-flush.service systemd-machine-id-commit.service systemd-remount-fs.service \
    systemd-update-utmp.service systemd-update-utmp-runlevel.service systemd-modules-load.service \
    kmod-static-nodes.service systemd-tmpfiles-setup-dev.service systemd-hwdb-update.service \
    systemd-journal-catalog-update.service systemd-update-done.service rc-local.service \
    cryptsetup.target integritysetup.target veritysetup.target remote-fs.target \
    dev-hugepages.mount dev-mqueue.mount sys-fs-fuse-connections.mount sys-kernel-config.mount \
    sys-kernel-debug.mount sys-kernel-tracing.mount systemd-initctl.socket systemd-journald-audit.socket
