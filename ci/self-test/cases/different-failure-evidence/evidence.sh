echo "nothing to be seen"
