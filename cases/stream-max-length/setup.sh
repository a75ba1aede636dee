# An archive of 3 MiB whose last member is infected.
write_infected /home/clamproof/infected
head -c 3145728 /dev/urandom >/home/clamproof/filler
tar -C /home/clamproof -cf /home/clamproof/infected.tar filler infected
chmod 0644 /home/clamproof/infected.tar
printf 'LocalSocket %s\n' "$CLAMD_SOCKET" >/home/clamproof/client.conf
