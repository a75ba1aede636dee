# A site's own signatures, written in /root and then moved. Owner and mode let clamd read them.
echo "0123456789abcdef0123456789abcdef:1000:Site.Malware" >/root/site.hdb
chmod 0644 /root/site.hdb
mv /root/site.hdb "$CLAMD_DATABASE/site.hdb" # the fault
clamd_try_restart
