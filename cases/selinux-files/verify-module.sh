semodule -l | grep -x webapp-uploads
side_effect "clamd may read whatever no service has a type of its own for (var_t)"
