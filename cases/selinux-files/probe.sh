. /etc/default/webapp
if [ "$METHOD" = stream ]; then
    because "the client sends the bytes"
else
    because "clamd may read files of type $(label_of "$UPLOADS/upload")"
fi
must_find "$METHOD" "$UPLOADS/upload"
