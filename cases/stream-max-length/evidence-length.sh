# The same infection is found where nothing but the length is less.
must_find stream /home/clamproof/infected && echo "found below the limit"
