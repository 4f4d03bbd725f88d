-- expect: allowed
SELECT LEVEL FROM dual CONNECT BY LEVEL <= 1000
-- expect: allowed
SELECT LEVEL FROM dual CONNECT BY LEVEL <= :days
-- expect: allowed
SELECT name FROM parts START WITH parent IS NULL CONNECT BY NOCYCLE PRIOR id = parent
-- expect: row_generator
SELECT LEVEL FROM dual CONNECT BY LEVEL <= 1e9
-- expect: row_generator
SELECT LEVEL FROM dual CONNECT BY LEVEL <= 1000 * 1000 * 1000
-- expect: row_generator
SELECT LEVEL FROM dual CONNECT BY 1 = 1
-- expect: row_generator
SELECT LEVEL FROM dual CONNECT BY LEVEL <= 10 OR 1 = 1
-- expect: row_generator
SELECT LEVEL FROM dual CONNECT BY PRIOR SYS_GUID() IS NOT NULL
-- expect: row_generator | max_generated_rows=100
SELECT LEVEL FROM dual CONNECT BY LEVEL <= 101
-- expect: allowed
WITH n (i) AS (SELECT 1 FROM dual UNION ALL SELECT i + 1 FROM n WHERE i < 9) SELECT i FROM n
-- expect: endless_recursion
WITH n (i) AS (SELECT 1 FROM dual UNION ALL SELECT i + 1 FROM n) SELECT i FROM n
-- expect: endless_recursion
WITH n (i) AS (SELECT 1 FROM dual UNION ALL SELECT i + 1 FROM n WHERE i < 99999999) SELECT i FROM n
-- expect: cartesian_product
SELECT COUNT(*) FROM bills a, bills b, bills c, bills d
-- expect: allowed
SELECT COUNT(*) FROM bills a CROSS JOIN months b
-- expect: parallel_hint
SELECT /*+ PARALLEL(b, 512) */ COUNT(*) FROM bills b
-- expect: allowed
SELECT /*+ PARALLEL(4) */ COUNT(*) FROM bills
