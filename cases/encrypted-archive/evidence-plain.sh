must_find stream /home/clamproof/infected && echo "found without a password"
