# On the host: prints the versions named, the lowest first, each once: EPOCH:VERSION-RELEASE, where an epoch of 0 may be
# left out.
command -v rpm >/dev/null || { echo "this host has no rpm, which orders versions: install the package rpm" >&2; exit 1; }

export VERSIONS="$*"
rpm --eval '%{lua:
    local versions, seen = {}, {}
    for version in os.getenv("VERSIONS"):gmatch("[^ ]+") do
        if not seen[version] then table.insert(versions, version) end
        seen[version] = true
    end
    table.sort(versions, function(one, other) return rpm.vercmp(one, other) < 0 end)
    print(table.concat(versions, "\n"))}'
