-- expect: allowed
SELECT 1 AS n FROM dual UNION ALL SELECT 2 FROM dual ORDER BY n
-- expect: allowed
(SELECT name FROM customers) UNION ALL (SELECT name FROM suppliers) ORDER BY 1
-- expect: not_a_query
WITH gone AS (SELECT 1 a FROM dual) MERGE INTO t USING gone ON (t.a = gone.a)
-- expect: not_a_query
TABLE customers
