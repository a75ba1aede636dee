# On the host: copies the package database of the guest whose disk is $DISK into the empty folder $DATABASE.
raw=$DATABASE/raw
qemu-img convert -O raw "$DISK" "$raw"
debugfs -R "rdump /var/lib/dpkg $DATABASE" "$raw" 2>"$DATABASE/words"
rm "$raw"
if ! [ -s "$DATABASE/dpkg/status" ]; then
    cat "$DATABASE/words" >&2
    echo "there is no /var/lib/dpkg/status on $DISK" >&2
    exit 1
fi
