-- expect: allowed
SELECT 1 AS n FROM dual UNION ALL SELECT 2 FROM dual ORDER BY n
-- expect: allowed
(SELECT name FROM customers) UNION ALL (SELECT name FROM suppliers) ORDER BY 1
-- expect: not_a_query
WITH gone AS (SELECT 1 a FROM dual) MERGE INTO t USING gone ON (t.a = gone.a)
-- expect: not_a_query
TABLE customers
-- expect: not_a_query
WITH x AS (customers) SELECT * FROM x
-- expect: not_a_query
WITH x AS () SELECT 1 FROM dual
-- expect: allowed
WITH x AS ((SELECT 1 AS n FROM dual)), y AS (WITH z AS (SELECT 2 AS n FROM dual) SELECT n FROM z) SELECT x.n FROM x, y
-- expect: allowed
WITH x (a, b) AS (VALUES (1, 2)) SELECT a FROM x
-- expect: not_a_query
SELECT name FROM customers WHERE EXISTS (wipe)
