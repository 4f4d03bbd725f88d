-- expect: recursive
WITH RECURSIVE n (i) AS (SELECT 1 FROM dual UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n
