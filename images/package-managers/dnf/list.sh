# A line for each installed package: NAME=VERSION.
exec rpm --query --all --queryformat '%{NAME}=%{EVR}\n'
