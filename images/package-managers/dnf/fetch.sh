# On the host: package files for what a person asked for in $WANTED, a path a line. It is a folder of package files, a
# folder that is a repository, a repository of the guest's by its id or name ("epel-testing", enabled or not), or a
# version of the packages in question. What they need comes along. Nothing is printed where the guest has all of it
# already.
#
#   $DATABASE        the guest's package database and settings, as database.sh copied them
#   $BELOW           package files, one a line, that are taken as installed over it
#   $SCOPE           names of packages, or "all"; empty: those of the source that clamd is of
#   $CACHE           a folder of these scripts' own, kept between calls; nobody else is in it meanwhile
#
# $CLAMPROOF_MIRRORS replaces beginnings of addresses, as it does for images.
#
# Exit 2: what was asked for does not exist; 4: there is no way to install it. Why is on standard error.
refuse() {
    echo "$1" >&2
    exit "${2:-2}"
}

case $WANTED in
*/*)
    if ! [ -e "$WANTED/repodata" ]; then
        files=$(find "$WANTED" -maxdepth 1 -name '*.rpm' ! -name '*.src.rpm' | sort)
        [ -n "$files" ] || refuse "the folder $WANTED holds no package files (*.rpm)"
        echo "$files"
        exit 0
    fi
    ;;
esac
/usr/bin/python3 -c 'import dnf' 2>/dev/null ||
    refuse "this host has no dnf to look in repositories with: install the package dnf, or name package files" 1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A dnf of the guest's, apart from this host's own, has a root of its own: the guest's database with the packages of
# $BELOW in it, and the guest's settings.
export ROOT="$work/root"
mkdir -p "$ROOT/var/lib/dnf" "$CACHE/repositories"
# Debian's rpm would look for a database in the home of each user.
export HOME="$work"
echo '%_dbpath /var/lib/rpm' >"$HOME/.rpmmacros"
cp -R "$DATABASE/rpm" "$ROOT/var/lib/"
cp -R "$DATABASE/etc" "$ROOT/"
if [ -n "$BELOW" ]; then
    echo "$BELOW" | tr '\n' '\0' | xargs -0 rpm --dbpath "$ROOT/var/lib/rpm" --upgrade --justdb --oldpackage --replacepkgs \
        --nodeps --noscripts --notriggers --nosignature --ignorearch --ignoreos --ignoresize >"$work/words" 2>&1 ||
        refuse "$(cat "$work/words")" 1
fi

/usr/bin/python3 - <<'PYTHON'
import os
import re
import subprocess
import sys

import dnf

root, wanted = os.environ["ROOT"], os.environ["WANTED"]
mirrors = [pair.split("=", 1) for pair in os.environ.get("CLAMPROOF_MIRRORS", "").split()]


def refuse(words, status=2):
    print(" ".join(str(words).split()), file=sys.stderr)
    sys.exit(status)


def mirrored(address):
    address = address or ""
    beginning, other = max((pair for pair in mirrors if address.startswith(pair[0])), default=("", ""),
                           key=lambda pair: len(pair[0]))
    return other + address[len(beginning):]


def provided(name):
    """The version by which a package of the guest provides this, or nothing."""
    told = subprocess.run(["rpm", "--dbpath", root + "/var/lib/rpm", "--query", "--whatprovides", name, "--queryformat",
                           "[%{PROVIDENAME} %{PROVIDEVERSION}\\n]"], capture_output=True, encoding="utf-8", check=False).stdout
    return dict(line.split() for line in told.splitlines() if len(line.split()) == 2).get(name, "")


# ${NAME:+WORDS} and ${NAME:-WORDS}, which EPEL 10 writes and older dnfs do not know. They may have replaced the names within.
def expanded(address):
    def chosen(match):
        name, sign, words = match.groups()
        return words if bool(variables.get(name)) == (sign == "+") else variables.get(name, "") if sign == "-" else ""
    address = re.sub(r"\$\{(\w+):([+-])([^}]*)\}", chosen, address or "")
    return re.sub(r"\$(releasever_m(?:aj|in)or)\b", lambda match: variables[match.group(1)], address)


with open(os.environ["DATABASE"] + "/architecture", encoding="ascii") as file:
    architecture = file.read().strip()
base = dnf.Base()
settings = base.conf
if os.path.exists(root + "/etc/dnf/dnf.conf"):
    settings.read(root + "/etc/dnf/dnf.conf")
settings.installroot = root
settings.reposdir = [root + "/etc/yum.repos.d"]
settings.persistdir = root + "/var/lib/dnf"
settings.cachedir = os.environ["CACHE"] + "/repositories"
settings.install_weak_deps = False
settings.skip_if_unavailable = False
settings.substitutions.update_from_etc(root)
settings.substitutions["arch"] = architecture
settings.substitutions["basearch"] = dnf.rpm.basearch(architecture)
release = dnf.rpm.detect_releasever(root) or ""
settings.substitutions["releasever"] = release
variables = {"releasever_major": provided("system-release(releasever_major)") or release.partition(".")[0],
             "releasever_minor": provided("system-release(releasever_minor)") or release.partition(".")[2]}

# The repository to look in; a version is looked for in all that are enabled. A repository's folder is read anew each
# time. What its packages need is in it or in the guest.
place, untold, at_fault = None, "", 1
if "/" in wanted:
    place, at_fault = "folder", 2
    settings.cachedir = root + "/var/cache"
    base.repos.add_new_repo(place, settings, baseurl=["file://" + os.path.realpath(wanted)], gpgcheck=False)
else:
    base.read_all_repos()
    within_guest = []
    for repo in base.repos.values():
        if wanted in (repo.id, repo.name):
            place = repo.id
            repo.enable()
            repo.skip_if_unavailable = False
        given = [expanded(address) for address in repo.baseurl]
        repo.baseurl = [mirrored(address) for address in given]
        repo.mirrorlist, repo.metalink = mirrored(expanded(repo.mirrorlist)), mirrored(expanded(repo.metalink))
        repo.metadata_expire = 3600
        # Keys were copied from the guest, repositories were not.
        repo.gpgkey = [expanded(address).replace("file:///", "file://" + root + "/") for address in repo.gpgkey]
        if given and given == list(repo.baseurl) and all(address.startswith("file:") for address in given):
            within_guest.append(repo.id)
            repo.disable()
    if within_guest:
        untold = "; not looked into, because on the guest's own disk: " + " ".join(within_guest)
    if place in within_guest:
        refuse(f"the repository {place} is on the guest's own disk, which is not looked into: name a copy of it, a folder "
               "on this host")
    if not place and not wanted[0].isdigit():
        refuse(f"the guest knows no repository {wanted}; there are: {' '.join(sorted(base.repos)) or 'none'}")
try:
    base.fill_sack()
except dnf.exceptions.RepoError as error:
    refuse(f"the folder {wanted} is no repository: {error}" if place == "folder" else error, at_fault)

# The names of the packages that it is about. The version of the first is the one a person means.
installed = base.sack.query().installed()
scope = os.environ["SCOPE"].split()
if not scope:
    owners = installed.filter(file=["/usr/sbin/clamd", "/usr/bin/clamd"]).run()
    if not owners:
        refuse("no package of the guest owns a clamd: say --package")
    scope = [owners[0].name] + [one.name for one in installed.filter(sourcerpm=owners[0].sourcerpm) if one != owners[0]]
elif scope == ["all"]:
    scope = [one.name for one in installed]
for name in scope:
    if not installed.filter(name=name):
        refuse(f"the guest has no package {name} installed that could change")
leader = scope[0]

offers = base.sack.query().available().filter(name=scope, arch=[architecture, settings.substitutions["basearch"], "noarch"])
offers = sorted(offers, reverse=True)
there_are = " ".join(f"{one.evr} ({one.reponame})" for one in offers if one.name == leader) or "none"
there_are = f"there are: {there_are}{untold}"


# The whole version, or as much of its beginning as is a version itself: 1.4.6 for 1.4.6-1.el9.
def is_meant(version):
    return version.startswith(wanted) and version[len(wanted):][:1] not in tuple("0123456789.")


if place:
    chosen = [one for one in offers if one.reponame == place]
else:
    of_leader = [one for one in offers if one.name == leader and (is_meant(one.evr) or is_meant(one.evr.split(":")[-1]))]
    if not of_leader:
        refuse(f"there is no version {wanted} of {leader} for this image; {there_are}")
    chosen = [one for one in offers if one.evr == of_leader[0].evr]
newest = {}
for one in chosen:
    newest.setdefault(one.name, one)
if leader not in newest and os.environ["SCOPE"] != "all":
    refuse(f"{wanted} has no {leader}; {there_are}")

try:
    for one in newest.values():
        base.package_install(one)
    base.resolve()
except dnf.exceptions.Error as error:
    refuse(error, 4)
packages = sorted(base.transaction.install_set) if base.transaction else []

# What the repository's index vouches for, by whose key it asks for.
try:
    base.download_packages(packages)
    for one in packages:
        if base.package_signature_check(one)[0] == 1:
            base.package_import_key(one, fullaskcb=lambda _: True)
        fault, why = base.package_signature_check(one)
        if fault:
            refuse(why, at_fault)
except dnf.exceptions.Error as error:
    refuse(error, at_fault)
for one in packages:
    print(one.localPkg())
PYTHON
