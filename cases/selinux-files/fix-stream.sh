echo METHOD=stream >/etc/default/webapp # the cure
