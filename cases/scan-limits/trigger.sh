case $VARIANT_LIMIT in
max-file-size)
    conf_set MaxFileSize 1M # the fault
    ;;
max-scan-size)
    conf_set MaxScanSize 1M # the fault
    ;;
max-recursion)
    conf_set MaxRecursion 4 # the fault
    ;;
max-files)
    conf_set MaxFiles 5 # the fault
    ;;
esac
clamd_restart
