# On the host: prints the versions named, the lowest first, each once.
sorted=
# Almost in order already, so that few have to be compared: each takes a process.
# shellcheck disable=SC2046  # a version holds no space
for version in $(printf '%s\n' "$@" | sort -uV); do
    before=$sorted after=
    while [ -n "$before" ] && dpkg --compare-versions "${before##* }" gt "$version"; do
        after=" ${before##* }$after"
        before=${before% *}
    done
    sorted="$before $version$after"
done
printf '%s\n' $sorted
