systemctl enable bench-login.service bench-network.service bench-root-shell.service
