# Python before 3.11 writes the sets of a compiled file in the order of their hashes, and the maintainer scripts compile
# with an order of each day: compiled once more in one order, the same packages make the same disk.
find /usr/lib/python3* -name '*.cpython-*.pyc' | sed 's,__pycache__/\(.*\)\.cpython-[0-9]*\.pyc$,\1.py,' | sort |
    PYTHONHASHSEED=0 python3 -m compileall -q -f -i -
