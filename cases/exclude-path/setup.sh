write_infected /home/clamproof/dev/infected
