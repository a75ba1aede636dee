sed -i 's/^TestDatabases .*/TestDatabases yes/' "$(freshclam_conf)" # the fault
