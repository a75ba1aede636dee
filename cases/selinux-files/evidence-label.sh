. /etc/default/webapp
label_of "$UPLOADS/upload"
