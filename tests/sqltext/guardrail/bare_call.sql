-- expect: bare_call
SELECT wipe FROM dual
-- expect: bare_call
SELECT CASE WHEN NVL(wipe, 1) = 1 THEN 1 END FROM dual
-- expect: bare_call
SELECT 1 FROM dual FETCH FIRST wipe ROWS ONLY
-- expect: bare_call
SELECT wipe
-- expect: allowed
SELECT SYSDATE, USER, dummy, DATE '2024-01-01', INTERVAL '1' DAY FROM dual
-- expect: bare_call
SELECT * FROM TABLE(wipe)
-- expect: allowed
SELECT p.COLUMN_VALUE FROM customers c, TABLE(c.phones) p
