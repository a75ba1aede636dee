setsebool -P antivirus_can_scan_system 1 # the cure
