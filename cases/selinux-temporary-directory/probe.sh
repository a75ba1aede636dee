# Not by descriptor: Debian's policy lets clamd use none of this client's, whatever its temporary directory.
failed=0
for method in path stream; do
    must_find "$method" /var/www/html/infected || failed=1
done
exit "$failed"
