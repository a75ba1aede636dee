[ -z "$(conf_get AlertEncryptedArchive)" ]
