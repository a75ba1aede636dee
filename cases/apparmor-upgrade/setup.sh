# The guest as it was before the upgrade: a clamd package without profile, whose clamd nothing confines.
write_infected /srv/app/infected
write_harmless /srv/app/harmless
before=$(apt-cache madison clamav-daemon | awk '$3 ~ /noprofile/ { print $3 }')
DEBIAN_FRONTEND=noninteractive apt-get install --yes --allow-downgrades "clamav-daemon=$before"
clamd_wait
