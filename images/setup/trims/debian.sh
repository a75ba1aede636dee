# Before each installation apt lets debconf look for questions, which finds out that apt-utils is not there.
rm -f /etc/apt/apt.conf.d/70debconf

# Documentation that no program reads. What packages say to administrators of Debian stays.
find /usr/share/doc -type f ! -name 'README.Debian*' ! -name 'NEWS.Debian*' -delete
rm -rf /usr/share/man/* /usr/share/locale/* /usr/share/info/*
