# The client has a configuration of its own.
write_infected /home/clamproof/infected
printf 'LocalSocket %s\n' "$CLAMD_SOCKET" >/home/clamproof/client.conf
