clamd_log | grep ScanStream
