# semanage asks setools for ports and types. Two thirds of its run in an emulated guest would be to load what draws graphs
# of information flow, and what looks up the version of setools.
setools=/usr/lib/python3/dist-packages/setools/__init__.py
sed -i -E '/^from \.(infoflow|dta|permmap) /d; s/^( *)import pkg_resources$/\1raise ImportError/' $setools
python3 -m compileall -q -f $setools
