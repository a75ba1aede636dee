# A package source in the guest, for the case of an upgrade that brings AppArmor in: the distribution's own
# clamav-daemon, and the same as a hasty packager makes it, without a profile. The latter's version is the lower.
repo=/usr/share/clamproof/repo
profile=etc/apparmor.d/usr.sbin.clamd
mkdir -p $repo
cd $repo

version=$(dpkg-query -W -f '${Version}' clamav-daemon)
if ! cp /var/cache/apt/archives/clamav-daemon_*.deb . 2>/dev/null; then
    apt-get update
    apt-get download "clamav-daemon=$version"
fi

work=$(mktemp -d)
dpkg-deb -R clamav-daemon_*.deb "$work/package"
cd "$work/package"
rm $profile DEBIAN/config DEBIAN/templates
sed -i "s/^Version: .*/&~noprofile/" DEBIAN/control
sed -i "\,^/$profile\$,d" DEBIAN/conffiles
sed -i "\, $profile\$,d" DEBIAN/md5sums

# Of the maintainer scripts only what debhelper puts in every package's stays: nothing is asked or configured. Where
# this package follows the other, the profile goes from the disk and from the kernel.
for script in preinst postinst prerm postrm; do
    {
        echo '#!/bin/sh'
        echo 'set -e'
        [ $script = prerm ] || echo "dpkg-maintscript-helper rm_conffile /$profile '$version' -- \"\$@\""
        # A part ends with "# End automatically added section". What enables units finds them enabled here.
        awk '/^# Automatically added by/ { part = ""; inside = 1 }
             inside { part = part $0 "\n" }
             /^# End automatically added/ {
                 if (part !~ /dh_apparmor|dh_installdebconf|deb-systemd-helper/) printf "%s", part
                 inside = 0
             }' DEBIAN/$script
    } >"$work/script"
    cat "$work/script" >DEBIAN/$script
done
sed -i '/^set -e/a [ ! -f /etc/apparmor.d/usr.sbin.clamd ] || apparmor_parser -R /etc/apparmor.d/usr.sbin.clamd || :' \
    DEBIAN/preinst

cd $repo
dpkg-deb --root-owner-group -Zgzip -b "$work/package" .
rm -r "$work"

for package in *.deb; do
    dpkg-deb -f "$package"
    echo "Filename: ./$package"
    echo "Size: $(stat -c %s "$package")"
    echo "SHA256: $(sha256sum "$package" | cut -d ' ' -f 1)"
    echo
done >Packages
# apt complains of a file: source whose index is compressed in no way it knows
gzip -kn Packages
echo "deb [trusted=yes] file:$repo ./" >/etc/apt/sources.list.d/clamproof.list
