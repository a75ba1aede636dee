conf_set LogSyslog true
conf_unset LogFile
clamd_restart
