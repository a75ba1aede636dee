if command -v c-icap >/dev/null; then echo yes; else echo no; fi
