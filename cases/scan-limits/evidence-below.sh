# The same infection is found where it does not lie beyond a limit.
must_find stream /home/clamproof/infected && echo "found below the limit"
