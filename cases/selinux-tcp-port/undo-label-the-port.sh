unlabel_port 1505
