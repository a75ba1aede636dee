# What clamd says of it.
clamd_log | grep ERROR
