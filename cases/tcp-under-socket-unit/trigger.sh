conf_set TCPAddr 127.0.0.1
conf_set TCPSocket 3310 # the fault
clamd_stop
clamd_restart
