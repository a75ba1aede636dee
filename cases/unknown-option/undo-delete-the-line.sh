case $VARIANT_OPTION in
removed) conf_undo SafeBrowsing ;;
too-new) conf_undo CacheSize ;;
esac
