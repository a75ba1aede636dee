case $VARIANT_CLIENT in
clamd-conf) must_find stream /home/clamproof/infected.tar ;;
own-conf) must_find stream /home/clamproof/infected.tar /home/clamproof/client.conf ;;
esac
