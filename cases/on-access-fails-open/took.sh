case $VARIANT_LACKS in
exclusion) [ -z "$(conf_get OnAccessExcludeUname)" ] ;;
descriptors) ! grep -q fdpass /etc/systemd/system/on-access.service ;;
esac
