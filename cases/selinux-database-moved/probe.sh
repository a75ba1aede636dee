must_find stream /home/clamproof/infected
