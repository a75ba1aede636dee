[ "$(sysctl -n fs.inotify.max_user_watches)" -eq 20 ]
