# A site's own signatures, as a script with umask 077 leaves them.
umask 077
echo "0123456789abcdef0123456789abcdef:1000:Site.Malware" >"$CLAMD_DATABASE/site.hdb" # the fault
logged() { clamd_log | grep -qF "$1"; }
case $VARIANT_MOMENT in
start) clamd_try_restart ;;
reload)
    clamd_say RELOAD
    await 20 "clamd to give the reload up" logged 'Database reload completed'
    ;;
esac
