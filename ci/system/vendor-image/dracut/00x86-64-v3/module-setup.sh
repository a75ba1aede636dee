#!/bin/bash
# What programs that are made for x86-64-v3 do on another processor, as all of EL 10's are: process 1 dies.
check() { return 0; }
install() { inst_hook cmdline 00 "$moddir/look.sh"; }
