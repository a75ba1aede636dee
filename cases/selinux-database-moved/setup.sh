write_infected /home/clamproof/infected
