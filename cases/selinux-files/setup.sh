# An application's upload, at first with a label that clamd may read. How the application hands it over is in
# /etc/default/webapp.
echo "METHOD=$VARIANT_METHOD" >/etc/default/webapp
write_infected /srv/webapp/upload
chcon -R -t clamd_tmp_t /srv/webapp
