# The socket is where clamd.conf says, for those whom clamd.conf lets in.
must_find stream /home/clamproof/infected
[ "$FACT_SOCKET_UNIT" = yes ] || because "clamd makes its socket itself"
[ "$(conf_get LocalSocketMode)" = 660 ] || exit 0
answer=$(printf 'zPING\0' | setpriv --reuid=65534 --regid=65534 --clear-groups timeout "$(scaled 5)" nc -U "$CLAMD_SOCKET" | tr -d '\0') || :
[ "$answer" != PONG ] || { echo "any user may send clamd commands" && exit 1; }
