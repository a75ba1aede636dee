# On the host: "NAME VERSION" of each package file named, in their order. Exit 2 and a sentence where one cannot be
# installed on the guest whose package database is $DATABASE, whatever else there is.
refuse() {
    echo "$1" >&2
    exit 2
}
command -v rpm >/dev/null || { echo "this host has no rpm to look at packages with: install the package rpm" >&2; exit 1; }
guest=$(cat "$DATABASE/architecture")

# Who has signed a package is a matter of the guest's; that it is whole is not.
for file in "$@"; do
    if ! said=$(rpmkeys --checksig --nosignature "$file" 2>&1); then
        said=${said#"$file:"}
        refuse "$file is damaged, or no RPM${said:+: ${said# }}"
    fi
    told=$(rpm --query --nosignature --queryformat '%|SOURCERPM?{%{ARCH}}:{source}| %{NAME} %{EVR}' --package "$file")
    architecture=${told%% *}
    case $architecture in
    noarch | "$guest") ;;
    i?86) [ "$guest" = x86_64 ] || refuse "$file is for $architecture; the guest is $guest" ;;
    source) refuse "$file is a source package, of which nothing is installed" ;;
    *) refuse "$file is for $architecture; the guest is $guest" ;;
    esac
    echo "${told#* }"
done
