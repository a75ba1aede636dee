sed -i 's/^METHOD=.*/METHOD=stream/' /etc/default/webapp # the cure
