case $VARIANT_OPTION in
removed) [ -n "$(conf_get SafeBrowsing)" ] ;;
too-new) [ -n "$(conf_get CacheSize)" ] ;;
esac
