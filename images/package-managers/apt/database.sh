# In the guest: makes the archive $ARCHIVE of dpkg's database, as "dpkg". Below $ROOT, where it is set.
tar -C "${ROOT-}/var/lib" -czf "$ARCHIVE" dpkg
