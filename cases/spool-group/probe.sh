must_find path /var/lib/amavis/tmp/message
