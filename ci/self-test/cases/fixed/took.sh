[ -e "$mark" ]
