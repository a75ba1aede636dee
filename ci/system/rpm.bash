# Sourced: RPMs of our own. $work: a folder to work in; arch: options of rpmbuild that name an architecture.

# make_rpm FOLDER NAME VERSION [LINE…]: with these lines in its spec, tags first.
make_rpm() {
    local folder=$1 spec=$work/$2.spec
    printf '%s\n' "Name: $2" "Version: $3" "Release: 1" "Summary: a test of clamproof" "License: MIT" "${@:4}" >"$spec"
    printf '%%description\n.\n' >>"$spec"
    grep -q '^%files' "$spec" || echo '%files' >>"$spec"
    rpmbuild --quiet -bb --define "_topdir $work/rpmbuild" --define "_rpmdir $folder" --define '__os_install_post %{nil}' \
        --define '_rpmfilename %{NAME}-%{VERSION}.rpm' "${arch[@]}" "$spec" >"$work/rpmbuild.log" 2>&1
}
