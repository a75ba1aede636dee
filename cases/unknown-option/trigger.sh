case $VARIANT_OPTION in
removed)
    conf_set SafeBrowsing yes # the fault
    ;;
too-new)
    conf_set CacheSize 65536 # the fault
    ;;
esac
clamd_stop
clamd_restart || echo "clamd does not come up"
