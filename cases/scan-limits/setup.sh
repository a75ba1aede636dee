# An infected file, and an archive with it: of more than 3 MiB, of more than ten members, and four archives deep.
write_infected /home/clamproof/infected
cd /home/clamproof
head -c 3145728 /dev/urandom >filler
for member in 0 1 2 3 4 5 6 7 8 9; do echo "harmless member $member" >"$member"; done
tar -cf inner.tar infected
for depth in 2 3; do tar -cf outer.tar inner.tar && mv outer.tar inner.tar; done
tar -cf infected.tar [0-9] inner.tar filler
chmod 0644 infected.tar
