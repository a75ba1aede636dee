if probe_guest; then
    echo "::scan method=path infected=yes outcome=found file=/srv/infected"
else
    echo "::scan method=path infected=yes outcome=clean file=/srv/infected"
    exit 1
fi
