probe_guest >/dev/null && exit
echo "something else is wrong"
exit 1
