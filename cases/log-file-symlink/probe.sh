# A detection counts once it can be read in the log.
log=$(conf_get LogFile)
logged() { grep -c ' FOUND$' "$log" || :; }
before=$(logged)
must_find stream /home/clamproof/infected
[ ! -L "$log" ] || because "clamd follows the link"
[ "$(logged)" -gt "$before" ] || { echo "the detection is not in the log" && exit 1; }
