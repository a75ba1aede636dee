sed -i 's/^TestDatabases .*/TestDatabases no/' "$(freshclam_conf)" # the cure
rm -rf "$CLAMD_DATABASE"/tmp.*
