setsebool -P antivirus_can_scan_system 0
