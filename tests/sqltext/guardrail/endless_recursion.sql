-- expect: allowed
WITH n (i) AS (SELECT 1 FROM dual UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT i FROM n
-- expect: endless_recursion
WITH n (i) AS (SELECT 1 FROM dual UNION ALL SELECT i + 1 FROM n) SELECT i FROM n
-- expect: endless_recursion
WITH n (i) AS (SELECT 1 FROM dual UNION ALL SELECT i + 1 FROM n WHERE i < 99999999) SELECT i FROM n
-- expect: endless_recursion
WITH n (i) AS (SELECT 1 FROM dual UNION ALL SELECT i + 1 FROM n WHERE 1 = 1) SELECT i FROM n
-- expect: endless_recursion
WITH n (i) AS (SELECT 1 FROM dual UNION ALL SELECT i + 1 FROM n WHERE i IS NOT NULL) SELECT i FROM n
-- expect: endless_recursion
WITH n (i) AS (SELECT 1 FROM dual UNION ALL SELECT i + 1 FROM n WHERE i > 0) SELECT i FROM n
-- expect: allowed
WITH n (i) AS (SELECT 99 FROM dual UNION ALL SELECT i - 1 FROM n WHERE i > 0) SELECT i FROM n
-- expect: endless_recursion
WITH n (i) AS (SELECT 1 FROM dual UNION ALL SELECT i + 1 FROM n JOIN dual ON 1 = 1) SELECT i FROM n
-- expect: allowed
WITH n (i) AS (SELECT 1 FROM dual UNION ALL SELECT p.id FROM n JOIN parts p ON p.parent = n.i) SELECT i FROM n
-- expect: endless_recursion
WITH n (i) AS (SELECT 1 FROM dual UNION ALL SELECT i + 1 FROM n WHERE i < POWER(10, 12)) SELECT i FROM n
-- expect: endless_recursion
WITH n (i) AS (SELECT 1 FROM dual UNION ALL SELECT i + 1 FROM n WHERE i BETWEEN 1 AND 999999999) SELECT i FROM n
-- expect: endless_recursion
WITH n (i) AS (SELECT 1 FROM dual UNION ALL SELECT i + 1 FROM n WHERE NOT i > 999999999) SELECT i FROM n
-- expect: allowed
WITH n (d) AS (SELECT DATE '2024-01-01' FROM dual UNION ALL SELECT d + 1 FROM n WHERE d < DATE '2024-12-31') SELECT d FROM n
-- expect: endless_recursion
WITH n (i) AS (SELECT 1 FROM dual UNION ALL SELECT n.i * 2 FROM n WHERE n.i > 0) SELECT i FROM n
