# At first nothing confines clamd, and its alarms are heard.
write_infected /home/clamproof/infected
mkdir -p /etc/clamav/virusevent.d
printf '#!/bin/sh\necho alarm >>/var/log/clamav/alarms\n' >/etc/clamav/virusevent.d/alarm
chmod 0755 /etc/clamav/virusevent.d/alarm
conf_set VirusEvent /etc/clamav/virusevent.d/alarm
apparmor_parser -R /etc/apparmor.d/usr.sbin.clamd
clamd_restart
