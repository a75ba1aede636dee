ports=$(semanage port -l)
echo "$ports" | ports_of clamd_port_t | grep -x 1024-2048

# What semanage adds goes before what the policy says, port by port.
lost=$(echo "$ports" | own_labels 1024 2048)
[ -z "$lost" ] || side_effect "$(echo "$lost" | wc -l) ports lost their own label to clamd_port_t:" "$(echo "$lost" | tr '\n' ',')"
