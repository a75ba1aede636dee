grep HUP /etc/default/update-signatures
