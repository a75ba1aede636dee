infected=/home/clamproof/infected
case $VARIANT_CLIENT in
clamdscan)
    must_find path "$infected"
    exit
    ;;
clamdscan-stream)
    must_find stream "$infected"
    exit
    ;;
c-icap)
    service c-icap restart
    await 20 "c-icap" nc -z 127.0.0.1 1344
    ;;
clamav-milter)
    service clamav-milter restart
    ;;
esac
answer=$(/usr/local/bin/check-upload "$infected" 2>&1) || :
echo "$answer"
case $answer in
*FOUND*) outcome=found ;;
*"let through"* | *"No modification needed"*) outcome=clean ;;
*) outcome=error ;;
esac
report_scan "$VARIANT_CLIENT" yes "$outcome" "$infected"
[ "$outcome" = found ]
