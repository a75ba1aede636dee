semanage fcontext -d '/srv/clamd(/.*)?'
restorecon -R /srv/clamd
