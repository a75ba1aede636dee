DEBIAN_FRONTEND=noninteractive apt-get install --yes clamav-daemon # the fault
clamd_wait
