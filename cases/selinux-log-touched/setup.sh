# The log lies in /var/log itself, with the label that the policy has for its name.
write_infected /home/clamproof/infected
touch /var/log/clamd.site
chown "$CLAMD_USER" /var/log/clamd.site
restorecon /var/log/clamd.site
conf_set LogFile /var/log/clamd.site
clamd_restart
