-- expect: allowed
WITH n (i) AS (SELECT 1 FROM dual UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT i FROM n
-- expect: endless_recursion
WITH n (i) AS (SELECT 1 FROM dual UNION ALL SELECT i + 1 FROM n) SELECT i FROM n
-- expect: endless_recursion
WITH n (i) AS (SELECT 1 FROM dual UNION ALL SELECT i + 1 FROM n WHERE i < 99999999) SELECT i FROM n
