conf_set OnAccessExcludeUname "$CLAMD_USER" # the cure
