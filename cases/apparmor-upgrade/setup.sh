# The guest as it was before the upgrade: a clamd package without profile, whose clamd nothing confines.
write_infected /srv/app/infected
write_harmless /srv/app/harmless
dpkg --install /usr/share/clamproof/repo/clamav-daemon_*noprofile*.deb
clamd_wait
