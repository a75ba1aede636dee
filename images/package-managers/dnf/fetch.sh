# On the host: package files for what a person asked for in $WANTED, a path a line. It is a folder of package files, a
# folder that is a repository, a repository of the guest's by its id or name ("epel-testing", enabled or not), or a
# version of the packages in question. What they need comes along. Nothing is printed where the guest has all of it
# already.
#
#   $DATABASE        the guest's package database and settings, as database.sh copied them
#   $BELOW           package files, one a line, that are taken as installed over it
#   $SCOPE           names of packages, or "all"; empty: those of the source that clamd is of
#   $CACHE           where what it lacked is brought to
#   $CLAMPROOF_MIRRORS  beginnings of addresses that are replaced when they are asked for
#
# It has no network, and takes nothing from the guest's settings but what is listed below: addresses to ask for, keys, and
# which packages count. Exit 2: what was asked for does not exist; 4: there is no way to install it: why is on standard
# error. Exit 5: files are lacking: see package_source.h.
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
mkdir -p "$ROOT/var/lib/dnf"
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
import configparser
import glob
import hashlib
import os
import re
import subprocess
import sys
import time
from xml.etree import ElementTree

import dnf

root, wanted = os.environ["ROOT"], os.environ["WANTED"]
mirrored = tuple(pair.split("=", 1)[0] for pair in os.environ.get("CLAMPROOF_MIRRORS", "").split())
lacking = []


def refuse(words, status=2):
    print(" ".join(str(words).split()), file=sys.stderr)
    sys.exit(status)


def provided(name):
    """The version by which a package of the guest provides this, or nothing."""
    told = subprocess.run(["rpm", "--dbpath", root + "/var/lib/rpm", "--query", "--whatprovides", name, "--queryformat",
                           "[%{PROVIDENAME} %{PROVIDEVERSION}\\n]"], capture_output=True, encoding="utf-8", check=False).stdout
    return dict(line.split() for line in told.splitlines() if len(line.split()) == 2).get(name, "")


def expanded(text):
    """With variables replaced, also ${NAME:+WORDS} and ${NAME:-WORDS}, which EPEL 10 writes and older dnfs do not know."""
    def chosen(match):
        name, sign, words = match.groups()
        return words if bool(variables.get(name)) == (sign == "+") else variables.get(name, "") if sign == "-" else ""
    text = re.sub(r"\$\{(\w+):([+-])([^}]*)\}", chosen, text)
    return re.sub(r"\$(?:(\w+)|\{(\w+)\})", lambda match: variables.get(match[1] or match[2], match[0]), text)


def asked_for(addresses):
    """Those that may be asked for: not what is on a disk, the guest's or this host's."""
    return [one for one in addresses if re.fullmatch("[!-~]+", one) and one.startswith(("http://", "https://") + mirrored)]


def brought(addresses, name, digest="", largest=256 << 20):
    """The file that the first of these addresses gives that can; None where it is lacking. An index is asked for again when
    it is an hour old."""
    folder = digest or hashlib.sha256(" ".join(addresses).encode()).hexdigest()
    file = f"{os.environ['CACHE']}/downloads/{folder}/{name}"
    if os.path.exists(file) and (digest or time.time() - os.stat(file).st_mtime < 3600):
        return file
    lacking.append(f"{folder}/{name}\t{digest or '-'}\t{largest}\t{' '.join(addresses[:8])}")
    return None


def stop_for_what_is_lacking():
    if lacking:
        print("\n".join(dict.fromkeys(lacking)))
        sys.exit(5)


def first_addresses(given):
    """What a repository's settings name, of its files or of lists of mirrors, as far as it may be asked for."""
    kind = next((one for one in ("metalink", "mirrorlist") if given.get(one)), "baseurl")
    return kind, asked_for([expanded(one) for one in re.split(r"[\s,]+", given.get(kind, "")) if one])


def beginnings(given):
    """Where a repository's files are, and the digest that its index has to have; nothing where a list is lacking."""
    kind, addresses = first_addresses(given)
    digest = ""
    if kind != "baseurl":
        file = brought(addresses, kind)
        if not file:
            return [], ""
        if kind == "metalink":
            names = "{http://www.metalinker.org/}"
            index = next(one for one in ElementTree.parse(file).iter(names + "file") if one.get("name") == "repomd.xml")
            addresses = [one.text.strip().removesuffix("repodata/repomd.xml") for one in index.iter(names + "url")]
            digest = index.findtext(f"{names}verification/{names}hash[@type='sha256']", "")
        else:
            with open(file, encoding="utf-8") as lines:
                addresses = [expanded(one) for one in lines.read().split()]
        addresses = asked_for(addresses)
        if not addresses:
            refuse(f"the {kind} of the repository {given['name']} names no mirror that could be asked", 1)
    return [one.rstrip("/") + "/" for one in addresses], digest


def copied(given, folder):
    """Makes a folder of what dnf reads of a repository. False where something is lacking."""
    given["places"], digest = beginnings(given)
    if not given["places"]:
        return False
    index = brought([one + "repodata/repomd.xml" for one in given["places"]], "repomd.xml", digest)
    if not index:
        return False
    names = "{http://linux.duke.edu/metadata/repo}"
    ElementTree.register_namespace("", names[1:-1])
    tree = ElementTree.parse(index)
    os.makedirs(folder + "/repodata")
    for data in tree.getroot().findall(names + "data"):
        if data.get("type") not in ("primary", "filelists", "modules"):
            tree.getroot().remove(data)
            continue
        place, digest = data.find(names + "location").get("href"), data.find(names + "checksum")
        if digest.get("type") != "sha256":
            refuse(f"the index of {given['name']} vouches for its files by {digest.get('type')}, not by SHA-256", 1)
        file = brought([one + place for one in given["places"]], os.path.basename(place), digest.text)
        data.find(names + "location").set("href", "repodata/" + os.path.basename(place))
        if file:
            os.symlink(file, f"{folder}/repodata/{os.path.basename(place)}")
    tree.write(folder + "/repodata/repomd.xml", encoding="utf-8", xml_declaration=True)
    return True


# Keys were copied from the guest, into its root.
def key_file(address):
    if address.startswith(("http://", "https://")):
        return "file://" + (brought([address], "key", largest=1 << 20) or "")
    return "file://" + os.path.normpath(root + "/" + address.removeprefix("file://"))


def read_settings(*files):
    settings = configparser.RawConfigParser(strict=False, delimiters="=", comment_prefixes=("#", ";"))
    settings.read(files, encoding="utf-8")
    return settings


def take(options, given, into):
    for option in options:
        if option in given:
            setattr(into, option, given[option])


with open(os.environ["DATABASE"] + "/architecture", encoding="ascii") as file:
    architecture = file.read().strip()
settings = dnf.conf.Conf()  # base would look for this host's release
base = dnf.Base(settings)
main = read_settings(root + "/etc/dnf/dnf.conf")
if main.has_section("main"):
    take(("best", "gpgcheck", "excludepkgs", "exclude", "module_platform_id"), main["main"], settings)
settings.installroot = root
settings.reposdir = []
settings.persistdir = root + "/var/lib/dnf"
settings.cachedir = root + "/var/cache"
settings.install_weak_deps = False
settings.skip_if_unavailable = False
settings.substitutions.update_from_etc(root)
release = dnf.rpm.detect_releasever(root) or ""
variables = {**settings.substitutions, "arch": architecture, "basearch": dnf.rpm.basearch(architecture), "releasever": release,
             "releasever_major": provided("system-release(releasever_major)") or release.partition(".")[0],
             "releasever_minor": provided("system-release(releasever_minor)") or release.partition(".")[2]}
for name in ("arch", "basearch", "releasever"):
    settings.substitutions[name] = variables[name]

# The repository to look in; a version is looked for in all that are enabled. A repository's folder is read anew each
# time. What its packages need is in it or in the guest.
place, untold, at_fault, places = None, "", 1, {}
if "/" in wanted:
    place, at_fault = "folder", 2
    base.repos.add_new_repo(place, settings, baseurl=["file://" + os.path.realpath(wanted)], gpgcheck=False)
else:
    known = read_settings(*sorted(glob.glob(root + "/etc/yum.repos.d/*.repo")))
    within_guest = []
    for number, (name, given) in enumerate(known.items()):
        if name in ("DEFAULT", "main"):
            continue
        given = {"name": name, **given}
        given["name"] = expanded(given["name"])
        meant = wanted in (name, given["name"])
        if meant:
            place = name
        if not first_addresses(given)[1]:
            within_guest.append(name)
        elif meant or given.get("enabled", "1").lower() in ("1", "true", "yes", "on"):
            copy = f"{root}/repositories/{number}"
            if copied(given, copy):
                repo = base.repos.add_new_repo(name, settings, baseurl=["file://" + copy], name=given["name"])
                take(("gpgcheck", "excludepkgs", "exclude", "includepkgs", "module_hotfixes", "priority", "cost"), given, repo)
                repo.gpgkey = [key_file(expanded(one)) for one in re.split(r"[\s,]+", given.get("gpgkey", "")) if one]
                places[name] = given["places"]
    if within_guest:
        untold = "; not looked into, because on the guest's own disk: " + " ".join(within_guest)
    if place in within_guest:
        refuse(f"the repository {place} is on the guest's own disk, which is not looked into: name a copy of it, a folder "
               "on this host")
    if not place and not wanted[0].isdigit():
        refuse(f"the guest knows no repository {wanted}; there are: {' '.join(sorted(set(known) - {'DEFAULT'})) or 'none'}")
    stop_for_what_is_lacking()
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

offers = base.sack.query().available().filter(name=scope, arch=[architecture, variables["basearch"], "noarch"])
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

# What the repository's index vouches for, by whose key it asks for. What is in a person's folder stays there.
files = {}
for one in packages:
    kind, digest = one.returnIdSum()
    if one.reponame not in places:
        files[one] = one.localPkg()
    elif kind != "sha256":
        refuse(f"the index of {one.reponame} vouches for {one.location} by {kind}, not by SHA-256", 1)
    else:
        addresses = asked_for([one.baseurl]) if one.baseurl else places[one.reponame]
        files[one] = brought([f"{each.rstrip('/')}/{one.location}" for each in addresses], os.path.basename(one.location), digest,
                             one.downloadsize)
stop_for_what_is_lacking()
for one, file in files.items():
    if one.reponame in places:
        os.makedirs(os.path.dirname(one.localPkg()), exist_ok=True)
        os.symlink(file, one.localPkg())
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
    print(files[one])
PYTHON
