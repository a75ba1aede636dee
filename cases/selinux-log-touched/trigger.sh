ended() { [ -z "$(clamd_pid)" ]; }
# To see whether it starts, and then stopped again, because it is to be a service.
by_hand() {
    clamd --config-file="$CLAMD_CONF"
    clamd_wait
    clamd_say SHUTDOWN
    await 10 "clamd to end" ended
}
clamd_stop
rm /var/log/clamd.site
case $VARIANT_BY in
touch)
    touch /var/log/clamd.site && chown "$CLAMD_USER" /var/log/clamd.site # the fault
    ;;
root-shell)
    by_hand # the fault
    ;;
esac
clamd_try_restart
