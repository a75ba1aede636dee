# freshclam: nothing may reach for the network.
update-rc.d -f clamav-freshclam remove
