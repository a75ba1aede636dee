# The guest as it was before the upgrade: a clamd package without profile, whose clamd nothing confines.
write_infected /srv/app/infected
write_harmless /srv/app/harmless
version=$(dpkg-query --show --showformat '${Version}' clamav-daemon)
package=$(find /usr/share/clamproof/repo -name "clamav-daemon_${version#*:}~noprofile_*.deb" 2>/dev/null || :)
if [ -n "$package" ]; then
    dpkg --install "$package"
else
    # clamd is of another version than the image's, for which there is no such package: what its scripts would do.
    mkdir -p "$former"
    apparmor_parser -R /etc/apparmor.d/usr.sbin.clamd
    mv /etc/apparmor.d/usr.sbin.clamd "$former/usr.sbin.clamd"
    clamd_restart
fi
clamd_wait
