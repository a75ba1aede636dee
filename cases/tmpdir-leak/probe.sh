# All three ways to hand a file over: the leak breaks them differently, and the quiet ones matter most.
[ -n "$(clamd_env TMPDIR)" ] || because "clamd has no TMPDIR"

failed=0
for method in path fdpass stream; do
    must_find "$method" /home/clamproof/infected || failed=1
done
exit "$failed"
