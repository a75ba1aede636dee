because "the policy has a rule for a socket that clamd makes in a folder with the label of /run"
must_find stream /home/clamproof/infected
