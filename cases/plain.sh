# How recipes write the shared vocabulary out (`clamproof recipe`): a function that is here stands in for the one of that name
# in lib.sh, which does more than a person at a shell needs: it waits on slow hosts, remembers, reports. All others are written
# out as lib.sh has them. Nothing of this is run as it is; every recipe is run in a guest before it is shown.
# shellcheck shell=sh

because() { :; }
side_effect() { :; }
report_scan() { :; }
scratch() { echo "/run/clamproof/$1"; }
scaled() { echo "$1"; }

await() {
    seconds=$1
    shift 2
    until "$@" || [ "$seconds" -le 0 ]; do
        seconds=$((seconds - 1))
        sleep 1
    done
}

# --- A machine for it -----------------------------------------------------------------------------------

# clamd with EICAR's signature alone, and no more in clamd.conf than it needs.
bare_clamd() {
    mkdir -p /run/clamproof "$CLAMD_DATABASE/main.inc" "$CLAMD_DATABASE/daily.inc"
    echo 44d88612fea8a8f36de82e1278abb02f:68:Test.EICAR >"$CLAMD_DATABASE/test.hdb"
    cat >"$CLAMD_CONF" <<CONF
LocalSocket $CLAMD_SOCKET
User $CLAMD_USER
LogFile $CLAMD_LOG
LogTime true
CONF
    clamd_restart
}

# denials_begin, denials: what the security module has refused since.
denials_begin() { seen=$(wc -l </var/log/audit/audit.log); }
denials() {
    sleep 2
    tail -n "+$((seen + 1))" /var/log/audit/audit.log | grep -a '^type=[A-Z]*AVC '
}

# --- clamd.conf and clamd -------------------------------------------------------------------------------

conf_set() {
    sed -i "/^$1[[:blank:]]/d" "$CLAMD_CONF"
    [ -z "$2" ] || echo "$1 $2" >>"$CLAMD_CONF"
}
conf_unset() { conf_set "$1" ''; }

clamd_say() { printf 'z%s\0' "$1" | timeout 10 nc -U "$CLAMD_SOCKET" | tr '\0' '\n'; }
clamd_answers() { clamdscan --config-file="$CLAMD_CONF" --ping 1; }
clamd_wait() { clamdscan --config-file="$CLAMD_CONF" --ping 30:1 || echo "clamd does not answer"; }
clamd_stop() {
    if [ "$FACT_INIT" != systemd ]; then
        service "$CLAMD_UNIT" stop
    else
        [ "$FACT_SOCKET_UNIT" != yes ] || systemctl stop "$CLAMD_UNIT.socket"
        systemctl stop "$CLAMD_UNIT.service"
    fi
}
clamd_restart() {
    if [ "$FACT_INIT" = systemd ]; then
        systemctl restart "$CLAMD_UNIT.service"
    else
        service "$CLAMD_UNIT" restart
    fi
    clamd_wait
}
clamd_try_restart() {
    clamd_stop
    if [ "$FACT_INIT" = systemd ]; then
        systemctl start "$CLAMD_UNIT.service" || echo "clamd does not come up"
    else
        service "$CLAMD_UNIT" start || echo "clamd does not come up"
    fi
    clamdscan --config-file="$CLAMD_CONF" --ping 5:1 || echo "clamd does not answer"
}
clamd_restart_anywhere() { clamd_try_restart; }

# --- clamd, started by somebody -------------------------------------------------------------------------

clamd_launch() {
    clamd_stop
    "in_$2" "$(launch_command "$1")"
    clamd_wait
}
in_clean() { sh -c "$1" </dev/null; }
in_login() { su - root -c "$1" </dev/null; }
in_sudo() { sudo sh -c "$1" </dev/null; }
# A container has its host's clock, and no minute to wait for: there cron starts as it does after a boot.
in_cron() {
    case ${FACT_KIND-vm} in
    container)
        echo "@reboot root $1" >/etc/cron.d/start-clamd
        rm -f /run/crond.reboot
        service cron restart
        ;;
    *)
        echo "* * * * * root rm /etc/cron.d/start-clamd; $1" >/etc/cron.d/start-clamd
        sleep 61
        ;;
    esac
}

# --- Scans ----------------------------------------------------------------------------------------------

must_find() {
    scan "$@"
    [ "$status" -eq 1 ]
}
must_pass() {
    scan "$@"
    [ "$status" -eq 0 ]
}
scan() {
    case $1 in
    path) ${scanner-} clamdscan --config-file="${3:-$CLAMD_CONF}" --no-summary "$2" && status=0 || status=$? ;;
    *) ${scanner-} clamdscan --config-file="${3:-$CLAMD_CONF}" --no-summary --"$1" "$2" && status=0 || status=$? ;;
    esac
}

# --- freshclam ------------------------------------------------------------------------------------------

freshclam_conf() {
    case $FACT_DISTRO in
    debian | ubuntu) echo /etc/clamav/freshclam.conf ;;
    *) echo /etc/freshclam.conf ;;
    esac
}
freshclam_offline() {
    mkdir -p "$CLAMD_DATABASE/feed"
    cat >"$(freshclam_conf)" <<CONF
DatabaseOwner $CLAMD_USER
DatabaseDirectory $CLAMD_DATABASE
DatabaseMirror 127.0.0.1:9
DatabaseCustomURL file://$CLAMD_DATABASE/feed/site.hdb
DNSDatabaseInfo no
MaxAttempts 1
NotifyClamd $CLAMD_CONF
CONF
}

# --- SELinux --------------------------------------------------------------------------------------------

label_port() { semanage port -a -t clamd_port_t -p tcp "$1" || semanage port -m -t clamd_port_t -p tcp "$1"; }
