# A restart that heals: what was broken is mended on the way.
mend_guest
systemctl restart "$CLAMD_UNIT.service"
