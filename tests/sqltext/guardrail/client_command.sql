-- expect: client_command
SPOOL /tmp/x
