# The label of a folder that is made there.
case $VARIANT_MADE in
in-place) like=/run/new ;;
in-root) like=/root/new ;;
esac
mkdir -p "$like"
chcon --reference="$like" "$(dirname "$CLAMD_SOCKET")"
