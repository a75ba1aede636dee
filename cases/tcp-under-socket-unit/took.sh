[ "$(conf_get TCPSocket)" = 3310 ]
