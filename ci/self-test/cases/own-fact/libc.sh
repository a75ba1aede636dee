# The version of the C library; no guest has none.
getconf GNU_LIBC_VERSION | sed 's/^glibc //'
