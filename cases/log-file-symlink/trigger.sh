# The log moves, with its owner and mode, and a link is left where it was.
[ "$VARIANT_MOMENT" = reopen ] || clamd_stop
mv "$CLAMD_LOG" "$(dirname "$CLAMD_LOG")/site.log"
ln -s site.log "$CLAMD_LOG" # the fault
case $VARIANT_MOMENT in
start) clamd_restart || echo "clamd does not come up" ;;
reopen) kill -HUP "$(clamd_pid)" && sleep 1 ;;
esac
