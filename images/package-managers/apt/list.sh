# A line for each installed package: NAME=VERSION.
exec dpkg-query --show --showformat '${db:Status-Abbrev}${Package}=${Version}\n' | sed -n 's/^.i.//p'
