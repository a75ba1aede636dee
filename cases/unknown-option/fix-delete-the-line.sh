case $VARIANT_OPTION in
removed)
    conf_unset SafeBrowsing # the cure
    ;;
too-new)
    conf_unset CacheSize # the cure
    ;;
esac
