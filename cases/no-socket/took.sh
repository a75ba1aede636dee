[ -z "$(conf_get LocalSocket)" ]
