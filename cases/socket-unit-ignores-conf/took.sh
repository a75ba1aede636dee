case $VARIANT_KEY in
path) [ "$(conf_get LocalSocket)" = /run/clamav/site.ctl ] ;;
mode) [ "$(conf_get LocalSocketMode)" = 660 ] ;;
esac
