# Shared by the steps of the action. They run in the caller's workspace; clamproof's own checkout is $top.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=${RUNNER_TEMP:?this is a step of a job of GitHub Actions}/clamproof
program_folder=$work/program
images_folder=$work/images
clamproof=$program_folder/bin/clamproof
export XDG_CACHE_HOME=${XDG_CACHE_HOME:-$work/cache}
mkdir -p "$program_folder" "$images_folder" "$XDG_CACHE_HOME"

# Images are built as root, and kept for whoever calls.
as_root=()
[ "$(id -u)" -eq 0 ] || as_root=(sudo --preserve-env=HOME,XDG_CACHE_HOME,GITHUB_ACTIONS)

version=$(sed -n 's/^project(clamproof VERSION \([0-9.]*\) .*/\1/p' "$top/CMakeLists.txt")

say_output() { printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"; }

# The images that match $IMAGES, a line each: NAME DIGEST built|missing
images_asked_for() {
    "${as_root[@]}" "$clamproof" image list --json | python3 -c '
import fnmatch, json, sys
for image in json.load(sys.stdin):
    if any(fnmatch.fnmatchcase(image["name"], pattern) for pattern in sys.argv[1].split()):
        print(image["name"], image["digest"], "built" if image["built"] else "missing")' "$IMAGES"
}
