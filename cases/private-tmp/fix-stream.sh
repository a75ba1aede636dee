echo OPTION=--stream >/etc/default/webapp # the cure
