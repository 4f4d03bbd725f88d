-- expect: session_control
ALTER SESSION SET NLS_SORT = BINARY
