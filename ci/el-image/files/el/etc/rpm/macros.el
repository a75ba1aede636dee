# Where EL has its database of packages. Debian's rpm would have one in the home of each user.
%_dbpath /var/lib/rpm
