# An application of a user of its own. How it hands files over is in /etc/default/webapp; its umask, too.
printf 'METHOD=%s\nUMASK=022\n' "$VARIANT_METHOD" >/etc/default/webapp
write_infected /home/clamproof/infected
