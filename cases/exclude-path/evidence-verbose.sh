# clamdscan tells only who asks for all it has to say.
clamdscan --config-file="$CLAMD_CONF" --no-summary --verbose /home/clamproof/dev/infected
