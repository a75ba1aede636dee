# The shared vocabulary of the cases. It stands before every script of a case, after `set -eu` and the
# variables CLAMD_* (the image's paths), FACT_* (the guest) and VARIANT_* (the cell).
#
# A function whose body is in ( ) keeps its variables to itself; POSIX sh has no other way.
# shellcheck shell=sh

former=/var/lib/clamproof/former

# scratch NAME: where a script keeps a file until the guest goes down.
scratch() {
    mkdir -p /run/clamproof
    echo "/run/clamproof/$1"
}

# --- Words for the report -------------------------------------------------------------------------------

# because TEXT: why the failure does not show on this guest.
because() { echo "::because $*"; }

# side_effect TEXT: what a fix changed besides curing.
side_effect() { echo "::side-effect $*"; }

# scaled SECONDS: as many more as this host's guests are slower than a fast host's.
scaled() { echo $(($1 * ${CLAMPROOF_SCALE:-1})); }

# await SECONDS WHAT COMMAND...: waits until COMMAND succeeds; SECONDS are those of a fast host, and more on a slow one.
# Gives up with a sentence: with 75 where the time has run out, which says nothing on a host that is too slow; with 1
# as soon as COMMAND ends with 2, which means that waiting is pointless.
await() (
    seconds=$(scaled "$1") what=$2
    tries=$((seconds * 10))
    shift 2
    until "$@"; do
        if [ $? -eq 2 ]; then
            echo "there is no use in waiting for $what" >&2
            return 1
        fi
        if [ "$tries" -le 0 ]; then
            echo "waited $seconds s for $what, in vain" >&2
            return 75
        fi
        tries=$((tries - 1))
        sleep 0.1
    done
)

# --- clamd.conf -----------------------------------------------------------------------------------------

# conf_get KEY: the value in clamd.conf, empty where it is not set.
conf_get() { sed -n "s/^$1[[:blank:]]\{1,\}//p" "$CLAMD_CONF" | tail -n 1; }

# Written in place, not replaced, so that owner, mode and SELinux label stay.
conf_write() (
    others=$(grep -v "^$1[[:blank:]]" "$CLAMD_CONF" || :)
    {
        printf '%s\n' "$others"
        [ -z "$2" ] || printf '%s %s\n' "$1" "$2"
    } >"$CLAMD_CONF"
)

# conf_set KEY VALUE: puts KEY into clamd.conf and remembers the former value. Setting what is set already
# changes and remembers nothing, so a fix may be applied twice.
conf_set() {
    [ "$(conf_get "$1")" != "$2" ] || return 0
    mkdir -p "$former"
    printf '%s\n' "$(conf_get "$1")" >>"$former/$1"
    conf_write "$1" "$2"
}

# conf_unset KEY: takes KEY out of clamd.conf and remembers the former value.
conf_unset() { conf_set "$1" ''; }

# conf_undo KEY: takes the last conf_set or conf_unset of KEY back.
conf_undo() {
    conf_write "$1" "$(tail -n 1 "$former/$1")"
    sed -i '$d' "$former/$1"
}

# --- clamd, the ordinary way ----------------------------------------------------------------------------

clamd_pid() { pidof -s clamd; }

# clamd_env NAME: a variable of clamd's own environment, empty where it has none.
clamd_env() { tr '\0' '\n' <"/proc/$(clamd_pid)/environ" | sed -n "s/^$1=//p"; }

# clamd_say COMMAND: sends one command to clamd's socket and prints the answer.
clamd_say() { printf 'z%s\0' "$1" | timeout "$(scaled 10)" nc -U "$CLAMD_SOCKET" | tr '\0' '\n'; }

clamd_answers() { [ "$(clamd_say PING 2>/dev/null)" = PONG ]; }

# clamd_wait: waits until clamd answers. One that is gone never will: then its last words are told at once.
clamd_wait() (
    looks=0 missed=0
    answers_or_is_gone() {
        clamd_answers && return
        looks=$((looks + 1))
        [ $((looks % 3)) -eq 0 ] || return 1
        if clamd_is_gone; then missed=$((missed + 1)); else missed=0; fi
        [ "$missed" -lt 3 ] || return 2
        return 1
    }
    await 30 "clamd's PONG on $CLAMD_SOCKET" answers_or_is_gone && return
    status=$?
    clamd_last_words >&2
    return $status
)

# clamd_is_gone: no clamd runs, and systemd, where it is there, is not about to start one.
clamd_is_gone() {
    [ -z "$(clamd_pid)" ] || return 1
    [ "$FACT_INIT" = systemd ] || return 0
    case $(systemctl is-active "$CLAMD_UNIT.service") in
    failed) ;;
    inactive) ! systemctl is-active --quiet "$CLAMD_UNIT.socket" ;;
    *) return 1 ;;
    esac
}

clamd_last_words() {
    [ "$FACT_INIT" != systemd ] || systemctl status --no-pager --lines 5 "$CLAMD_UNIT.service" || :
    tail -n 3 "$CLAMD_LOG" || :
}

# clamd_log: what clamd has logged since it was last started.
clamd_log() { tac "$CLAMD_LOG" | sed '/+++ Started at/q' | tac; }

has_unit() { systemctl cat "$1" >/dev/null 2>&1; }

# clamd_stop: no clamd runs, and none is started by a connection to a socket systemd still holds.
clamd_stop() {
    if [ "$FACT_INIT" != systemd ]; then
        service "$CLAMD_UNIT" stop
    elif has_unit "$CLAMD_UNIT.socket"; then
        systemctl stop "$CLAMD_UNIT.socket" "$CLAMD_UNIT.service"
    else
        systemctl stop "$CLAMD_UNIT.service"
    fi
}

# clamd_restart: (re)starts clamd by its unit or init script and waits until it answers.
clamd_restart() {
    allow_start
    if [ "$FACT_INIT" = systemd ]; then
        systemctl restart "$CLAMD_UNIT.service" || return
    else
        service "$CLAMD_UNIT" restart || return
    fi
    clamd_wait
}

# clamd_try_restart: the same from a full stop, where the fault may keep clamd from coming up. That is said and is no error:
# whether clamd serves is for the probe to tell.
clamd_try_restart() {
    clamd_stop
    clamd_restart || echo "clamd does not come up"
}

# clamd_restart_anywhere: the same where its socket may be elsewhere than the image says: waits until clamd logs that it is up.
clamd_restart_anywhere() {
    clamd_stop
    allow_start
    if [ "$FACT_INIT" = systemd ]; then
        systemctl start "$CLAMD_UNIT.service" || return
    else
        service "$CLAMD_UNIT" start || return
    fi
    await 30 "clamd to be ready" clamd_is_ready
}
clamd_is_ready() { [ -n "$(clamd_pid)" ] && clamd_log | grep -q 'Self checking'; }

# systemd refuses the sixth start within ten seconds; on a fast host a case needs as many.
allow_start() { [ "$FACT_INIT" != systemd ] || systemctl reset-failed; }

# --- clamd, started by somebody -------------------------------------------------------------------------

# clamd_launch LAUNCHER SESSION: stops clamd, starts it by LAUNCHER out of SESSION, waits until it answers.
# LAUNCHER: initscript, service, invoke-rc.d, systemctl, puppet, import-environment.
# SESSION: cron, login, sudo, clean.
clamd_launch() {
    clamd_stop
    allow_start
    rm -f "$(scratch launch-environment)"
    echo "$2" >"$(scratch session)"
    {
        echo "env >$(scratch launch-environment)"
        launch_command "$1"
    } >"$(scratch launch)"
    "in_$2" "$(scratch launch)"
    clamd_wait
    clamd_pid >"$(scratch launched)"
}

# was_launched LAUNCHER SESSION: clamd is the one that clamd_launch started so. Whether the session had a TMPDIR to leak is
# not asked: a guest whose sessions have none is immune.
was_launched() {
    [ "$(clamd_pid)" = "$(cat "$(scratch launched)")" ] || { echo "clamd was started by something else" && return 1; }
    [ "$(launch_command "$1")" = "$(tail -n 1 "$(scratch launch)")" ] ||
        { echo "clamd was started by: $(tail -n 1 "$(scratch launch)")" && return 1; }
    [ "$(cat "$(scratch session)")" = "$2" ] || { echo "clamd was started out of another session" && return 1; }
    [ -s "$(scratch launch-environment)" ] || { echo "the session did not run what starts clamd" && return 1; }
    [ "$2" != clean ] || ! grep '^TMPDIR=' "$(scratch launch-environment)"
}

launch_command() {
    case $1 in
    initscript) echo "$CLAMD_INITSCRIPT start" ;;
    service | invoke-rc.d) echo "$1 $CLAMD_UNIT start" ;;
    systemctl) echo "systemctl start $CLAMD_UNIT" ;;
    puppet) echo "puppet apply --execute \"service { '$CLAMD_UNIT': ensure => running }\"" ;;
    # What desktop and admin scripts do to hand their session on to services.
    import-environment) echo "systemctl import-environment TMPDIR && systemctl start $CLAMD_UNIT" ;;
    esac
}

# in_SESSION SCRIPT: runs SCRIPT as root within such a session; its exit status is SCRIPT's.

# The control shell's own environment: no PAM session, no TMPDIR.
in_clean() { sh "$1" </dev/null; }

# A login session: su opens it through PAM's common-session, as login and sshd do, and needs no terminal.
in_login() { su - root -c "sh $1" </dev/null; }

in_sudo() { sudo sh "$1" </dev/null; }

# A job of root's in /etc/cron.d, without waiting for the minute: the clock is put on, and a signal makes the
# sleeping cron look at it again. A jump of more than five minutes has it run once what is due every minute. Each
# jump is longer than the one before: a saved guest goes on with its clock set back, and the same jump again
# would end in the minute that its cron has seen already. A container has its host's clock: there the job is one
# of @reboot, and cron starts as it does after a boot.
in_cron() (
    started=$(scratch started) status=$(scratch status) output=$(scratch output) jumps=$(scratch jumps)
    rm -rf "$started" "$status"
    schedule='* * * * *'
    [ "${FACT_KIND-}" != container ] || schedule=@reboot
    cat >/etc/cron.d/clamproof <<JOB
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
$schedule root mkdir $started && { sh $1 >$output 2>&1; echo \$? >$status; }
JOB
    if [ "$schedule" = @reboot ]; then
        rm -f /run/crond.reboot
        service cron restart >/dev/null
        await 60 "cron to start its job" test -e "$started"
    else
        echo jump >>"$jumps"
        date -s "+$(($(wc -l <"$jumps") * 10)) minutes" >/dev/null
        await 60 "cron to start its job" nudge_cron "$started"
    fi
    rm /etc/cron.d/clamproof
    await 300 "cron's job to end" test -s "$status"
    cat "$output"
    exit "$(cat "$status")"
)
nudge_cron() { [ -e "$1" ] || { kill -HUP "$(cat /run/crond.pid)" && false; }; }

# --- Files and scans ------------------------------------------------------------------------------------

# write_infected FILE, write_harmless FILE: readable by everybody, more than the five bytes below which clamd
# looks at nothing. The infected one holds EICAR, in two parts here so that this file does not.
write_infected() {
    mkdir -p "$(dirname "$1")"
    # shellcheck disable=SC2016  # these dollars are EICAR's
    printf '%s%s' 'X5O!P%@AP[4\PZX54(P^)7CC)7}$' 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*' >"$1"
    chmod 0644 "$1"
}
write_harmless() {
    mkdir -p "$(dirname "$1")"
    echo 'a harmless file of an application' >"$1"
    chmod 0644 "$1"
}

# must_find METHOD FILE [CONF]: scans an infected FILE by METHOD (path, fdpass, stream), reports it, and fails
# unless clamd finds the infection. must_pass: the same with a harmless FILE, which must be clean. The client
# reads CONF, or else clamd's own clamd.conf. It is run by $scanner, where that is set: scanner="runuser -u www-data --".
must_find() { scan found yes "$@"; }
must_pass() { scan clean no "$@"; }

scan() (
    wanted=$1 infected=$2 method=$3 file=$4 conf=${5:-$CLAMD_CONF}
    option=--$method
    [ "$method" != path ] || option=
    outcome=clean
    ${scanner-} clamdscan --config-file="$conf" --no-summary ${option:+"$option"} "$file" 2>&1 ||
        case $? in 1) outcome=found ;; *) outcome=error ;; esac
    report_scan "$method" "$infected" "$outcome" "$file"
    [ "$outcome" = "$wanted" ]
)

# report_scan METHOD INFECTED OUTCOME FILE
report_scan() { echo "::scan method=$1 infected=$2 outcome=$3 file=$4"; }

# --- freshclam, without a network -----------------------------------------------------------------------

freshclam_conf() { if [ -e /etc/clamav/freshclam.conf ]; then echo /etc/clamav/freshclam.conf; else echo /etc/freshclam.conf; fi; }

freshclam_owner() { sed -n 's/^DatabaseOwner //p' "$(freshclam_conf)"; }

# freshclam_offline: from here on freshclam takes its signatures from a folder of the guest's own. It lies where AppArmor lets
# freshclam read; clamd loads no folders below its database.
freshclam_offline() (
    owner=$(freshclam_owner)
    mkdir -p "$CLAMD_DATABASE/feed"
    cat >"$(freshclam_conf)" <<CONF
DatabaseOwner ${owner:-$CLAMD_USER}
DatabaseDirectory $CLAMD_DATABASE
DatabaseMirror 127.0.0.1:9
DatabaseCustomURL file://$CLAMD_DATABASE/feed/site.hdb
DNSDatabaseInfo no
MaxAttempts 1
NotifyClamd $CLAMD_CONF
CONF
)

# freshclam_publish FILE: the feed's next update has a signature of FILE.
freshclam_publish() {
    printf '%s:%s:Site.Malware\n' "$(md5sum <"$1" | cut -d ' ' -f 1)" "$(wc -c <"$1")" >"$CLAMD_DATABASE/feed/site.hdb"
    chmod 0644 "$CLAMD_DATABASE/feed/site.hdb"
}

freshclam_update() { freshclam --update-db=custom 2>&1; }

# clamd_reloads: how often the clamd that runs has loaded its signatures anew.
clamd_reloads() { clamd_log | grep -c 'Database correctly reloaded' || :; }

# write_new FILE: a file as no other before it.
write_new() {
    mkdir -p "$(dirname "$1")"
    echo "as new as $(date +%s%N)" >"$1"
    chmod 0644 "$1"
}

# --- SELinux --------------------------------------------------------------------------------------------

# label_of FILE: its type.
label_of() { stat -c %C "$1" | cut -d : -f 3; }

# mislabelled FILE: its label is another than the policy has for a file of that name. Says which it has, and which it should.
mislabelled() { restorecon -n -v "$1" | grep -F "$1"; }

# label_port PORT[-PORT]: clamd_port_t for these TCP ports; unlabel_port takes it away, and the policy's own label is back.
# semanage adds a label once. Where it says that there is one, that may be this very label or one of the policy's own,
# which Debian 12's semanage refuses to add to and wants modified. semanage takes seconds in an emulated guest, so the
# first is looked up in its file.
label_port() (
    said=$(semanage port -a -t clamd_port_t -p tcp "$1" 2>&1) && return
    case $said in
    *"already defined"*) is_labelled "$1" || semanage port -m -t clamd_port_t -p tcp "$1" ;;
    *) echo "$said" >&2 && return 1 ;;
    esac
)
is_labelled() { cat /var/lib/selinux/*/active/ports.local 2>/dev/null | tr -d ' ' | grep -q "^portcontcp$1[a-z_]*:[a-z_]*:clamd_port_t:"; }
unlabel_port() { semanage port -d -p tcp "$1"; }

# ports_of TYPE: its TCP ports and ranges, one a line, in `semanage port -l` read from stdin.
ports_of() { sed -n "s/^$1 *tcp *//p" | tr -d ' ' | tr ',' '\n'; }

# own_labels FIRST LAST: which ports between the two have a label of a service's own, as "PORT TYPE" lines, in
# `semanage port -l` read from stdin. clamd_port_t set by `semanage port` goes before every one of them.
own_labels() {
    awk -v first="$1" -v last="$2" '
        $2 == "tcp" && $1 != "clamd_port_t" && $1 !~ /^(unreserved|ephemeral|reserved|hi_reserved)_port_t$/ {
            for (i = 3; i <= NF; i++) {
                if (split($i, range, /[-,]/) < 2 || range[2] == "") range[2] = range[1]
                for (port = range[1]; port <= range[2]; port++)
                    if (port >= first && port <= last) print port, $1
            }
        }' | sort -n
}
