# Sourced: what images of vendors' have, put into a tree.

# add_cloud_init TREE DISTRO: cloud-init's settings, without what writes keys, locales and passwords that nobody asks for here.
add_cloud_init() {
    mkdir -p "$1/etc/cloud/cloud.cfg.d"
    cat >"$1/etc/cloud/cloud.cfg" <<CONFIG
datasource_list: [NoCloud, None]
cloud_init_modules: [seed_random, growpart, resizefs]
cloud_config_modules: [runcmd]
cloud_final_modules: [scripts-vendor, scripts-per-once, scripts-per-boot, scripts-per-instance, scripts-user]
system_info:
  distro: $2
  paths: { cloud_dir: /var/lib/cloud/, templates_dir: /etc/cloud/templates/ }
  network: { renderers: [netplan, networkd] }
CONFIG
}

# unconfine_cloud_init TREE: EL's policy leaves cloud-init unconfined, so that it may do what user-data says. Debian's confines
# it, and lets the generator that enables it do nothing: there a vendor has to say so, and where it is disabled.
unconfine_cloud_init() {
    local unit units=$1/etc/systemd/system
    for unit in cloud-init-local cloud-init cloud-config cloud-final; do
        mkdir -p "$units/$unit.service.d"
        printf '%s\n' '[Unit]' 'ConditionPathExists=!/etc/cloud/cloud-init.disabled' '[Service]' \
            'SELinuxContext=unconfined_u:unconfined_r:unconfined_t:s0-s0:c0.c1023' >"$units/$unit.service.d/selinux.conf"
    done
    mkdir -p "$1/etc/systemd/system-generators" "$units/multi-user.target.wants"
    ln -sf /dev/null "$1/etc/systemd/system-generators/cloud-init-generator"
    ln -sf /lib/systemd/system/cloud-init.target "$units/multi-user.target.wants/"
}

# add_failing_unit FOLDER NAME…: units that fail, with which systemd calls its system degraded.
add_failing_unit() {
    local unit
    mkdir -p "$1"
    for unit in "${@:2}"; do
        printf '[Service]\nType=oneshot\nExecStart=/bin/false\n[Install]\nWantedBy=multi-user.target\n' >"$1/$unit.service"
    done
}

# bookworm_sources: lines of this host's own mirrors; none where it has no such.
bookworm_sources() {
    apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' 'Origin: Debian' |
        grep ' bookworm' | sort -u || :
}
