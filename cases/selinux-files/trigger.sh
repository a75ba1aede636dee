case $VARIANT_PLACE in
home) uploads=/home/webapp ;;
srv) uploads=/srv/webapp ;;
var-tmp) uploads=/var/tmp ;;
var-www) uploads=/var/www/webapp ;;
esac
printf 'METHOD=%s\nUPLOADS=%s\n' "$VARIANT_METHOD" "$uploads" >/etc/default/webapp # the fault
