# All three ways to hand a file over: the quiet ones matter most.
failed=0
for method in path fdpass stream; do
    must_find "$method" /home/clamproof/infected || failed=1
done
exit "$failed"
