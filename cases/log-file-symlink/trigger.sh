# The log moves, with its owner and mode, and a link is left where it was.
[ "$VARIANT_MOMENT" = reopen ] || clamd_stop
mv "$CLAMD_LOG" "$(dirname "$CLAMD_LOG")/site.log"
ln -s site.log "$CLAMD_LOG" # the fault
case $VARIANT_MOMENT in
start) clamd_try_restart ;;
reopen)
    kill -HUP "$(clamd_pid)"
    await 10 "clamd to close its log" grep -q 'SIGHUP caught' "$(dirname "$CLAMD_LOG")/site.log"
    ;;
esac
