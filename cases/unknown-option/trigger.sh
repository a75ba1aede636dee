case $VARIANT_OPTION in
removed)
    conf_set SafeBrowsing yes # the fault
    ;;
too-new)
    conf_set CacheSize 65536 # the fault
    ;;
esac
clamd_try_restart
