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
