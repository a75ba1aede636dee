# clamd.conf is wrong while a client comes, and right again when systemd has given up.
conf_set NoSuchOption yes
clamd_stop
systemctl start "$CLAMD_UNIT.socket"
gave_up() {
    clamd_say PING >/dev/null || :
    systemctl is-failed --quiet "$CLAMD_UNIT.socket"
}
await 60 "systemd to give the socket up" gave_up # the fault
conf_unset NoSuchOption
