mend_guest # the cure
