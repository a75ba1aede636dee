#!/bin/sh
# pam_tmpdir's TMPDIR leaks into clamd
# Proved on Debian 12, sysvinit, in a container (clamproof's image debian-12-container), clamd 1.4.6, on 2026-11-30: this very script was run, failed like this, and was cured like this.
# As root, on a machine that may be thrown away: sh THIS-FILE
# Documented in: ClamAV broken pipe (2013)
# Versions: distro debian, release 12, init sysvinit, clamav-daemon 1.4.6+dfsg-0+deb12u1, clamdscan 1.4.6+dfsg-0+deb12u1, auditd 1:3.0.9-1, cron 3.0pl1-162, sudo 1.9.13p3-1+deb12u4, procps 2:4.0.2-3, netbase 6.4, iproute2 6.1.0-3, netcat-openbsd 1.219-1, sysvinit-core 3.06-4, sysv-rc 3.06-4, initscripts 3.06-4, libpam-tmpdir 0.09+b2, strace 6.1-0.1

echo '== 1. A machine for it'
DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends clamav-daemon clamdscan auditd cron sudo procps netbase iproute2 netcat-openbsd sysvinit-core sysv-rc initscripts libpam-tmpdir strace
mkdir -p /run/clamproof /var/lib/clamav/main.inc /var/lib/clamav/daily.inc
echo 44d88612fea8a8f36de82e1278abb02f:68:Test.EICAR >/var/lib/clamav/test.hdb
cat >/etc/clamav/clamd.conf <<CONF
LocalSocket /run/clamav/clamd.ctl
User clamav
LogFile /var/log/clamav/clamav.log
LogTime true
CONF
service clamav-daemon restart
clamdscan --config-file=/etc/clamav/clamd.conf --ping 30:1 || echo 'clamd does not answer'

echo '== 2. Set-up'
# A place every user may read and AppArmor lets clamd read too, so that nothing but the leak can be in the way.
mkdir -p /home/clamproof
printf %s%s 'X5O!P%@AP[4\PZX54(P^)7CC)7}$' 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*' >/home/clamproof/infected
chmod 0644 /home/clamproof/infected

echo '== 3. Before: this works'
probe() (
    set -e
    # All three ways to hand a file over: the leak breaks them differently, and the quiet ones matter most.
    failed=0
    clamdscan --config-file=/etc/clamav/clamd.conf --no-summary /home/clamproof/infected && status=0 || status=$?
    [ "$status" -eq 1 ] || failed=1
    clamdscan --config-file=/etc/clamav/clamd.conf --no-summary --fdpass /home/clamproof/infected && status=0 || status=$?
    [ "$status" -eq 1 ] || failed=1
    clamdscan --config-file=/etc/clamav/clamd.conf --no-summary --stream /home/clamproof/infected && status=0 || status=$?
    [ "$status" -eq 1 ] || failed=1
    exit "$failed"
)
probe
echo "exit status: $?"
# It printed:
#   /home/clamproof/infected: Test.EICAR.UNOFFICIAL FOUND
#   /home/clamproof/infected: Test.EICAR.UNOFFICIAL FOUND
#   /home/clamproof/infected: Test.EICAR.UNOFFICIAL FOUND
#   exit status: 0

echo '== 4. The fault'
service clamav-daemon stop
echo '@reboot root /etc/init.d/clamav-daemon start' >/etc/cron.d/start-clamd
rm -f /run/crond.reboot
service cron restart
clamdscan --config-file=/etc/clamav/clamd.conf --ping 30:1 || echo 'clamd does not answer'

echo '== 5. What happens'
probe
echo "exit status: $?"
# It printed:
#   /home/clamproof/infected: OK
#   /home/clamproof/infected: OK
#   ERROR: Can't send to clamd: Broken pipe
#   exit status: 1

echo '== 6. A closer look'
echo "TMPDIR=$(tr '\0' '\n' <"/proc/$(pidof -s clamd)/environ" | sed -n 's/^TMPDIR=//p')"
# It printed:
#   TMPDIR=/tmp/user/0

echo '== 7. A closer look'
# What the kernel answers clamd while it takes a stream.
trace=/run/clamproof/trace
pid=$(pidof -s clamd)
strace -f -p "$pid" -e trace=%file -o "$trace" &
strace=$!
seconds=20
until ! grep -h '^TracerPid:[[:blank:]]*0$' "/proc/$pid/task/"*/status >/dev/null || [ "$seconds" -le 0 ]; do
    seconds=$((seconds - 1))
    sleep 1
done
clamdscan --config-file=/etc/clamav/clamd.conf --no-summary --stream /home/clamproof/infected && status=0 || status=$?
kill "$strace"
wait "$strace" || :
grep /tmp/ "$trace"
# It printed:
#   strace: Process 465 attached with 3 threads
#   /home/clamproof/infected: no reply from clamd
#   strace: Process 465 detached
#   strace: Process 466 detached
#   strace: Process 469 detached
#   465   openat(AT_FDCWD, "/tmp/user/0/clamav-4f034112e1fb92f4c8c97b5e26e4ccd0.tmp", O_RDWR|O_CREAT|O_EXCL|O_TRUNC, 0600) = -1 EACCES (Permission denied)

echo '== 8. A restart does not help'
restart() (
    service clamav-daemon stop
    echo '@reboot root /etc/init.d/clamav-daemon start' >/etc/cron.d/start-clamd
    rm -f /run/crond.reboot
    service cron restart
    clamdscan --config-file=/etc/clamav/clamd.conf --ping 30:1 || echo 'clamd does not answer'
)
restart >/dev/null 2>&1
probe
echo "exit status: $?"
# It printed:
#   /home/clamproof/infected: OK
#   /home/clamproof/infected: OK
#   /home/clamproof/infected: no reply from clamd
#   exit status: 1

echo '== 9. The fix: TemporaryDirectory /tmp in clamd.conf'
# clamd is started as before, by the same launcher out of the same session: TMPDIR still leaks.
sed -i '/^TemporaryDirectory[[:blank:]]/d' /etc/clamav/clamd.conf
echo 'TemporaryDirectory /tmp' >>/etc/clamav/clamd.conf
restart

echo '== 10. After: it works again'
probe
echo "exit status: $?"
# It printed:
#   /home/clamproof/infected: Test.EICAR.UNOFFICIAL FOUND
#   /home/clamproof/infected: Test.EICAR.UNOFFICIAL FOUND
#   /home/clamproof/infected: Test.EICAR.UNOFFICIAL FOUND
#   exit status: 0
