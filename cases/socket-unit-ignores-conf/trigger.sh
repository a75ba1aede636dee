case $VARIANT_KEY in
path)
    conf_set LocalSocket /run/clamav/site.ctl # the fault
    ;;
mode)
    conf_set LocalSocketMode 660 # the fault
    ;;
esac
clamd_restart_anywhere
