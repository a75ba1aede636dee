# What an upgrade could change on a guest that matters to clamd: lines of "KIND NAME<tab>VALUE", as those of the
# guest's own inventory, which are the first of them. Sent to the guest by `clamproof upgrade`.
tab=$(printf '\t')
/usr/lib/clamproof/inventory

# Packaged files that were not taken, because somebody had changed the ones in force: what each package manager leaves
# beside them.
find /etc -type f \( -name '*.dpkg-dist' -o -name '*.dpkg-new' -o -name '*.ucf-dist' -o -name '*.rpmnew' \) -exec cksum {} + 2>/dev/null |
    sed "s/^\([0-9]* [0-9]*\) \(.*\)\.[a-z-]*$/not-taken \2$tab\1/"

# What clamd goes by: each line of clamd.conf that is none of comment.
sed -n "s/^\([A-Za-z0-9]\{1,\}\)[[:blank:]]*\(.*\)/setting \1$tab\2/p" "$CLAMD_CONF"

# What clamd was started with, and what confines it.
if pid=$(pidof -s clamd); then
    tr '\0' '\n' <"/proc/$pid/environ" | grep -v -E '^(INVOCATION_ID|JOURNAL_STREAM|LISTEN_PID|SYSTEMD_EXEC_PID|MAINPID)=' |
        sed -n "s/^\([A-Za-z_0-9]*\)=\(.*\)/environment \1$tab\2/p"
    /usr/lib/clamproof/state | sed -n "s/^confinement=/confinement clamd$tab/p"
fi
[ ! -e /run/clamproof/clamd-left-running ] ||
    sed "s/.*/process clamd${tab}left running as it was by &; started anew here, as the next boot would/" /run/clamproof/clamd-left-running

# Units and init scripts of clamd outside /etc.
find /lib/systemd/system /usr/lib/systemd/system -name "$CLAMD_UNIT*" -type f -exec cksum {} + 2>/dev/null |
    sed "s/^\([0-9]* [0-9]*\) \(.*\)/unit \2$tab\1/" | sort -u -t "$tab" -k 1,1

# Modules of the SELinux policy, by priority and name.
for module in /var/lib/selinux/*/active/modules/*/*; do
    [ -e "$module/cil" ] || continue
    priority=${module%/*}
    echo "module ${priority##*/}/${module##*/}$tab$(cksum <"$module/cil")"
done
exit 0
