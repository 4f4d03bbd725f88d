-- expect: no_brackets
SELECT SYSDATE() FROM dual
-- expect: no_brackets
SELECT CURRENT_TIMESTAMP() FROM dual
