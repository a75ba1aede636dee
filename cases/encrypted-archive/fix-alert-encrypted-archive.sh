conf_set AlertEncryptedArchive yes # the cure
