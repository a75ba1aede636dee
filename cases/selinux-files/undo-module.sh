semodule -r webapp-uploads
