echo "cannot break the guest" >&2
exit 3
