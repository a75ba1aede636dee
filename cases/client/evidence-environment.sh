echo "TMPDIR=$(clamd_env TMPDIR)"
