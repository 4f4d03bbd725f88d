-- expect: transaction_control
COMMIT
-- expect: transaction_control
WITH x AS (COMMIT) SELECT 1 FROM dual
-- expect: transaction_control
SELECT * FROM (WITH x AS ((COMMIT)) SELECT 1 FROM dual)
-- expect: transaction_control
SELECT name FROM customers UNION ALL (COMMIT)
-- expect: allowed
SELECT name FROM customers WHERE EXISTS ((SELECT 1 FROM bills)) UNION ALL (SELECT name FROM suppliers)
