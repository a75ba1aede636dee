getsebool antivirus_can_scan_system | grep -x 'antivirus_can_scan_system --> on'
side_effect "clamd may read every file of the system, but for those that the policy keeps as its own secrets"
