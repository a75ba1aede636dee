# Puppet asks for the version of augeas, which reads all its lenses to tell: ten seconds of every start in an emulated
# guest.
rm -rf /usr/share/augeas/lenses/dist/*

# In an emulated guest half of a start is Ruby's: it compiles a thousand files, and looks for gems, which Debian's Puppet is none
# of and needs none of; its successor OpenVox is one.
gems=--disable-gems
ruby $gems -e 'require "puppet/util/command_line"' 2>/dev/null || gems=
sed -i "1s,.*,#!/usr/bin/env -S /usr/bin/ruby $gems -r/usr/lib/clamproof/compiled.rb," /usr/bin/puppet

mkdir -p /var/cache/ruby-compiled
touch /var/cache/ruby-compiled/filling
# Ruby leaves gaps in what it writes, filled with what memory happens to hold: here it is the same every time, so that the same
# packages make the same image.
MALLOC_PERTURB_=85 setarch -R /usr/lib/clamproof/warm/puppet
find /var/cache/puppet -type f -delete
rm /var/cache/ruby-compiled/filling
