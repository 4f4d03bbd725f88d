-- expect: no_brackets
SELECT SYSDATE() FROM dual
