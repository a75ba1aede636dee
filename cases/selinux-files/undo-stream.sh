sed -i "s/^METHOD=.*/METHOD=$VARIANT_METHOD/" /etc/default/webapp
