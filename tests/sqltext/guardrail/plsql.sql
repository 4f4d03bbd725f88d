-- expect: plsql
BEGIN wipe; END;
