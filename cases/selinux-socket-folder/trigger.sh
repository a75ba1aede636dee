# Somebody makes the folder of the socket anew, with the right owner.
folder=$(dirname "$CLAMD_SOCKET")
clamd_stop
rm -r "$folder"
case $VARIANT_MADE in
in-place)
    install -d -o "$CLAMD_USER" "$folder" # the fault
    ;;
in-root)
    install -d -o "$CLAMD_USER" /root/clamd
    mv /root/clamd "$folder" # the fault
    ;;
esac
clamd_try_restart
