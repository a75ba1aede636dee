version=$(logrotate --version 2>&1 | sed -n 's/^logrotate \([0-9][0-9.]*\).*/\1/p')
echo "${version:-none}"
