# Puppet asks for the version of augeas, which reads all its lenses to tell: ten seconds of every start in an emulated
# guest.
rm -rf /usr/share/augeas/lenses/dist/*

# In an emulated guest half of a start is Ruby's: it compiles a thousand files, and looks for gems, of which Debian's
# Puppet needs none.
sed -i '1s,.*,#!/usr/bin/env -S /usr/bin/ruby --disable-gems -r/usr/lib/clamproof/compiled.rb,' /usr/bin/puppet

mkdir -p /var/cache/ruby-compiled
touch /var/cache/ruby-compiled/filling
/usr/lib/clamproof/warm/puppet
rm /var/cache/ruby-compiled/filling
