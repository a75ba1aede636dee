# An application that has uploads checked: check-upload FILE says what its client made of FILE. It lets through what is not
# reported, as the documentation of these clients shows it.
write_infected /home/clamproof/infected
case $VARIANT_CLIENT in
pyclamd | pyclamd-stream)
    call='scan_file(sys.argv[1])'
    [ "$VARIANT_CLIENT" = pyclamd ] || call='scan_stream(open(sys.argv[1], "rb"))'
    cat >/usr/local/bin/check-upload <<PYTHON
#!/usr/bin/python3
import sys
import pyclamd

result = pyclamd.ClamdUnixSocket().$call
print("let through" if result is None else result)
PYTHON
    ;;
perl)
    cat >/usr/local/bin/check-upload <<'PERL'
#!/usr/bin/perl
use ClamAV::Client;

my ($file, $virus) = ClamAV::Client->new->scan_path($ARGV[0]);
print defined($virus) ? "$virus FOUND\n" : "let through\n";
PERL
    ;;
c-icap)
    sed -i 's/^START=.*/START=yes/' /etc/default/c-icap
    printf 'Include %s\n' clamd_mod.conf virus_scan.conf >>/etc/c-icap/c-icap.conf
    cat >/usr/local/bin/check-upload <<'SHELL'
#!/bin/sh
# What a proxy is told: to hand on a page in place of the upload, or that no modification is needed.
c-icap-client -i 127.0.0.1 -s virus_scan -req http://site/upload -f "$1"
SHELL
    ;;
clamav-milter)
    cat >/etc/clamav/clamav-milter.conf <<CONF
MilterSocket /run/clamav/clamav-milter.ctl
PidFile /run/clamav/clamav-milter.pid
ClamdSocket unix:$CLAMD_SOCKET
User $CLAMD_USER
OnInfected Reject
CONF
    cat >/usr/local/bin/check-upload <<'SHELL'
#!/bin/sh
# What a mail server would be told of a mail with the upload.
miltertest -D mail="$(base64 "$1")" -s /usr/local/lib/mail.lua
SHELL
    cat >/usr/local/lib/mail.lua <<'LUA'
mta = mt.connect("local:/run/clamav/clamav-milter.ctl", 100, 0.1)
mt.conninfo(mta, "mail.example.org", "192.0.2.1")
mt.mailfrom(mta, "<sender@example.org>")
mt.rcptto(mta, "<user@example.org>")
mt.header(mta, "MIME-Version", "1.0")
mt.header(mta, "Content-Type", "application/octet-stream")
mt.header(mta, "Content-Transfer-Encoding", "base64")
mt.bodystring(mta, mail)
mt.eom(mta)
reply = mt.getreply(mta)
mt.echo(reply == SMFIR_REJECT and "FOUND" or reply == SMFIR_ACCEPT and "let through" or "deferred")
LUA
    ;;
esac
[ ! -e /usr/local/bin/check-upload ] || chmod 0755 /usr/local/bin/check-upload
