# Debian's policy does not let systemd-tmpfiles label what these make, which would be the only denials of a
# boot. The image has them already.
ln -s /dev/null /etc/tmpfiles.d/provision.conf
ln -sf ../proc/self/mounts /etc/mtab
sed '/^L+ *\/etc\/mtab/d' /usr/lib/tmpfiles.d/debian.conf >/etc/tmpfiles.d/debian.conf

# semanage asks setools for ports and types. Two thirds of its run in an emulated guest would be to load what draws graphs
# of information flow, and what looks up the version of setools.
setools=/usr/lib/python3/dist-packages/setools/__init__.py
sed -i -E '/^from \.(infoflow|dta|permmap) /d; s/^( *)import pkg_resources$/\1raise ImportError/' $setools
python3 -m compileall -q -f $setools
