conf_unset AlertEncryptedArchive # the fault
clamd_restart
