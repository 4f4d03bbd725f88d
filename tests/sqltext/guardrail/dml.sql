-- expect: dml
DELETE FROM customers
-- expect: dml
/* only looking */ UPDATE customers SET name = 'x'
-- expect: dml
WITH x AS (UPDATE customers SET name = 'x' RETURNING id) SELECT * FROM x
-- expect: dml
WITH x AS (SELECT 1 AS n FROM dual), y AS ((MERGE INTO bills USING x ON (1 = 1))) SELECT 1 FROM y
