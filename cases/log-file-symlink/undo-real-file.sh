conf_undo LogFile
