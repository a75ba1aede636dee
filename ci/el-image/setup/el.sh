# Debian's clamd goes and comes back as an RPM in EL's layout, installed by dnf from a repository in the guest, which
# also has the next release. One more release is beside it, for whoever brings a package of their own.
el=/usr/share/clamproof/el
version=$(dpkg-query -W -f '${Version}' clamav-daemon)
version=${version%%[-+~]*}

work=$(mktemp -d)
build() {
    rpmbuild --quiet -bb --define "_topdir $work" --define "_sourcedir $el" --define '__os_install_post %{nil}' \
        --define "_rpmdir $1" --define '_rpmfilename %{NAME}-%{VERSION}-%{RELEASE}.rpm' \
        --define "clamd_version $version" --define "clamd_release $2" "$el/$3.spec"
}
build $el/repo 1 debian-release
build $el/repo 1 clamd
build $el/repo 2 clamd
build $el/later 3 clamd
rm -r "$work"
createrepo_c --quiet $el/repo

apt-get purge --yes clamav-daemon clamdscan
dnf --assumeyes --quiet install "clamd-$version-1"

# As every recipe for EL has it.
sed -i -e 's/^Example/#Example/' -e 's/^#\(LocalSocket\|LogFile\) /\1 /' /etc/clamd.d/scan.conf
touch /var/log/clamd.scan
chown clamscan:clamscan /var/log/clamd.scan
systemctl enable clamd@scan.service
