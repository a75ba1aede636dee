conf_set LogFile "$(dirname "$CLAMD_LOG")/site.log" # the cure
