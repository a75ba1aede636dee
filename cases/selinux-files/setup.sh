# An application with an upload in each place, open to everybody. Where it keeps its uploads, and how it hands them over, is
# in /etc/default/webapp: at first it streams them.
for folder in /var/lib/webapp /home/webapp /srv/webapp /var/tmp /var/www/webapp; do
    write_infected "$folder/upload"
done
restorecon -RF /home/webapp /srv/webapp /var/www
printf 'METHOD=stream\nUPLOADS=/var/lib/webapp\n' >/etc/default/webapp
