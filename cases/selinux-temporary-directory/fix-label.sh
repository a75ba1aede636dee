case $FACT_SELINUX_POLICY in
targeted) type=antivirus_tmp_t ;;
*) type=clamd_tmp_t ;;
esac
# A second -a is refused, and -m where nothing has been added yet.
semanage fcontext -a -t "$type" '/srv/clamd(/.*)?' || semanage fcontext -m -t "$type" '/srv/clamd(/.*)?'
restorecon -R /srv/clamd # the cure
