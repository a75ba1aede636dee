# EICAR in a zip archive, by `zip -P infected`. At first clamd.conf has what the default has not.
write_infected /home/clamproof/infected
base64 -d >/home/clamproof/infected.zip <<'ZIP'
UEsDBAoACQAAAH1Efl08z1FoUAAAAEQAAAAIAAAAaW5mZWN0ZWTEWOel8NQ5FyqdOT83jIcBzxUF
yCLBJayRXu5yLpaIXS9o13JhqWFfFmsH5qpwd3K15GkPnfEI5U/Srgyvs0773ruS1B1h1ZfdTTF2
TuWyd1BLBwg8z1FoUAAAAEQAAABQSwECHgMKAAkAAAB9RH5dPM9RaFAAAABEAAAACAAAAAAAAAAA
AAAApIEAAAAAaW5mZWN0ZWRQSwUGAAAAAAEAAQA2AAAAhgAAAAAA
ZIP
chmod 0644 /home/clamproof/infected.zip
conf_set AlertEncryptedArchive yes
clamd_restart
