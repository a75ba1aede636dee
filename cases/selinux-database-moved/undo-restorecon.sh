# The label of a file that is made in /root.
touch /root/new
chcon --reference=/root/new "$CLAMD_DATABASE/site.hdb"
