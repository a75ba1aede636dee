break_guest # the fault
