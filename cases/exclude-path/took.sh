[ "$(conf_get ExcludePath)" = /dev/ ]
