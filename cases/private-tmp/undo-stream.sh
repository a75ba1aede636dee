option=--$VARIANT_METHOD
[ "$VARIANT_METHOD" != path ] || option=
echo "OPTION=$option" >/etc/default/webapp
