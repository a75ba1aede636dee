# The one port SELinux gives clamd becomes the whole stream range, so that a STREAM session can work before
# anything is broken. clamd itself must not sit on that port.
write_infected /home/clamproof/infected
conf_unset TCPSocket
conf_set StreamMinPort 3310
conf_set StreamMaxPort 3310
clamd_restart
