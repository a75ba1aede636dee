# What clamav_scannable_files(var_t) of the policy's interfaces comes to. A client's descriptor is the client's, which clamd
# may not use without a rule of its own.
module=/root/webapp-uploads.cil
echo "(typeattributeset clam_scannable_type (var_t))" >$module
[ "$VARIANT_METHOD" = path ] || echo "(allow clamd_t unconfined_t (fd (use)))" >>$module
# A minute in an emulated guest, so not twice.
semodule -l | grep -qx webapp-uploads || semodule -i $module # the cure
