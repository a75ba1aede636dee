grep "$(md5sum </home/clamproof/new | cut -d ' ' -f 1)" "$CLAMD_DATABASE/site.hdb" && echo "its signature is on disk"
