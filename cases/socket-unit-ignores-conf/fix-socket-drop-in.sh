drop_in=/etc/systemd/system/$CLAMD_UNIT.socket.d/site.conf
mkdir -p "$(dirname "$drop_in")"
case $VARIANT_KEY in
path)
    printf '[Socket]\nListenStream=\nListenStream=/run/clamav/site.ctl\n' >"$drop_in" # the cure
    ;;
mode)
    printf '[Socket]\nSocketMode=0660\n' >"$drop_in" # the cure
    ;;
esac
systemctl daemon-reload
