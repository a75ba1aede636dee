usermod --append --groups mailfilter "$CLAMD_USER" # the cure
