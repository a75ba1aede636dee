# A file that both policies let clamd read by path: a web server's content.
write_infected /var/www/html/infected
restorecon -RF /var/www
