sed -i 's/^METHOD=.*/METHOD=fdpass/' /etc/default/webapp # the cure
