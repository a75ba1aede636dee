echo "METHOD=$VARIANT_METHOD" >/etc/default/webapp
