unlabel_port 1024-2048
