# A place every user may read and AppArmor lets clamd read too, so that nothing but the leak can be in the way.
write_infected /home/clamproof/infected
