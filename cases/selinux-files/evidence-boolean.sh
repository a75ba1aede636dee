# What opens homes is off. That clamd may not search one is refused without a record.
getsebool antivirus_can_scan_system
