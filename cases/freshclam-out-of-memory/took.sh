grep -qx 'TestDatabases yes' "$(freshclam_conf)" && [ "$(systemctl show --property MemoryMax --value site-freshclam)" = 8388608 ]
