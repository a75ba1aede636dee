[ "$(conf_get Foreground)" = true ]
