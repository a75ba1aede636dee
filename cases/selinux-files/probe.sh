. /etc/default/webapp
[ "$METHOD" != stream ] || because "the client sends the bytes"
must_find "$METHOD" /srv/webapp/upload
