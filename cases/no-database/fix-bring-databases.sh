# A folder daily.inc counts as one, which older releases kept their increments in.
mkdir -p "$CLAMD_DATABASE/daily.inc" # the cure
