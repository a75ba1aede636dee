ports=$(semanage port -l)
echo "$ports" | ports_of clamd_port_t | grep -x 1505-1520

lost=$(echo "$ports" | own_labels 1505 1520)
if [ -n "$lost" ]; then
    echo "these ports lost their own label: $lost" >&2
    exit 1
fi
