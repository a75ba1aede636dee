clamd_launch initscript login # the fault
