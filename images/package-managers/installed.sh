# Runs when packages were installed from the folder $PACKAGES, by whichever package manager.
left_running=/run/clamproof/clamd-left-running
names=$(ls "$PACKAGES" | paste -sd ' ')
rm -rf "$PACKAGES" $left_running

# A package that leaves the clamd of before running (Debian 13's does, from 1.4.6+dfsg-1~deb13u1 on) would have that one
# tested in place of its own. It is started anew, as the next boot would, and look.sh tells so.
pid=$(pidof -s clamd) || exit 0
case $(readlink "/proc/$pid/exe") in
*" (deleted)") ;;
*) exit 0 ;;
esac
mkdir -p /run/clamproof
echo "$names" >$left_running
if [ -d /run/systemd/system ]; then
    systemctl daemon-reload
    systemctl restart "$CLAMD_UNIT.service"
else
    service "$CLAMD_UNIT" restart
fi
