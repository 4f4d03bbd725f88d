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
-- expect: row_generator
SELECT LEVEL FROM dual CONNECT BY LEVEL <= LEVEL
-- expect: row_generator
SELECT LEVEL FROM dual CONNECT BY MOD(LEVEL, 2) < 5
-- expect: row_generator
SELECT LEVEL FROM dual CONNECT BY LEVEL + 1 > 0
-- expect: allowed
SELECT LEVEL FROM dual CONNECT BY LEVEL + 1 <= 20 AND (ROWNUM < 12)
-- expect: row_generator
SELECT LEVEL FROM dual CONNECT BY LEVEL / 1000 < 1000000
-- expect: row_generator
SELECT LEVEL FROM dual CONNECT BY LEVEL <= (SELECT 1000000 * 1000000 FROM dual)
-- expect: row_generator
SELECT LEVEL FROM dual CONNECT BY LEVEL <= TO_NUMBER('FFFFFFFF', 'XXXXXXXX')
-- expect: row_generator
SELECT LEVEL FROM dual CONNECT BY LEVEL <= TO_NUMBER(RPAD('9', 12, '9'))
-- expect: allowed
SELECT LEVEL FROM dual CONNECT BY LEVEL <= POWER(2, 10)
-- expect: allowed
SELECT DATE '2023-01-01' + LEVEL - 1 FROM dual
CONNECT BY LEVEL <= TO_DATE('20241231', 'YYYYMMDD') - TO_DATE('20230101', 'YYYYMMDD') + 1
-- expect: allowed
SELECT TRUNC(SYSDATE) - LEVEL FROM dual CONNECT BY TRUNC(SYSDATE) - LEVEL >= DATE '2024-01-01' AND LEVEL < 999
-- expect: allowed
SELECT REGEXP_SUBSTR('a,b,c', '[^,]+', 1, LEVEL) FROM dual CONNECT BY REGEXP_SUBSTR('a,b,c', '[^,]+', 1, LEVEL) IS NOT NULL
-- expect: row_generator
SELECT LEVEL FROM dual CONNECT BY SUBSTR('abc', 1, LEVEL) IS NOT NULL
-- expect: row_generator
SELECT LEVEL FROM dual CONNECT BY PRIOR NULL IS NULL
-- expect: row_generator
SELECT id FROM parts CONNECT BY NOCYCLE PRIOR id <> id
-- expect: row_generator
SELECT id FROM parts CONNECT BY PRIOR id = id AND PRIOR SYS_GUID() IS NOT NULL
-- expect: allowed
SELECT id, LEVEL FROM parts CONNECT BY PRIOR id = id AND PRIOR SYS_GUID() IS NOT NULL AND LEVEL <= amount
-- expect: row_generator
SELECT COUNT(*) FROM XMLTABLE('for $i in 1 to 100000, $j in 1 to 100000 return $i')
-- expect: row_generator
SELECT COUNT(*) FROM XMLTABLE('let $n := 1e10 return 1 (: up :) to $n')
-- expect: row_generator
SELECT COUNT(*) FROM XMLTABLE('declare function local:f($x) { local:f($x) }; local:f(1)')
-- expect: allowed
SELECT x.COLUMN_VALUE FROM XMLTABLE('for $m in 1 to 12 return $m') x
-- expect: row_generator
SELECT COUNT(*) FROM (SELECT LEVEL a FROM dual CONNECT BY LEVEL <= 90000), (SELECT LEVEL b FROM dual CONNECT BY LEVEL <= 90000)
-- expect: row_generator
WITH g AS (SELECT LEVEL n FROM dual CONNECT BY LEVEL <= 5000) SELECT COUNT(*) FROM g a CROSS JOIN g b
-- expect: allowed
WITH d AS (SELECT LEVEL n FROM dual CONNECT BY LEVEL <= 366), h AS (SELECT LEVEL n FROM dual CONNECT BY LEVEL <= 24)
SELECT d.n, h.n FROM d CROSS JOIN h
-- expect: row_generator
SELECT * FROM bills MODEL DIMENSION BY (id) MEASURES (amount) RULES ITERATE (4000000000) (amount[1] = 1)
-- expect: unparsed
SELECT * FROM bills MODEL DIMENSION BY (id) MEASURES (amount) RULES ITERATE (12) (amount[1] = 1)
-- expect: row_generator
SELECT * FROM bills MODEL DIMENSION BY (id) MEASURES (amount)
RULES UPSERT (amount[FOR id FROM 1 TO 4000000000 INCREMENT 1] = 1)
-- expect: allowed
SELECT SUBSTR(code, (LEVEL - 1) * 2 + 1, 2) FROM parts CONNECT BY SUBSTR(code, (LEVEL - 1) * 2 + 1, 2) IS NOT NULL
-- expect: row_generator
SELECT REGEXP_SUBSTR('a,b', '[^,]+', 1, LEVEL * 0 + 1) FROM dual CONNECT BY REGEXP_SUBSTR('a,b', '[^,]+', 1, LEVEL * 0 + 1) IS NOT NULL
-- expect: row_generator
SELECT LEVEL FROM dual CONNECT BY LEVEL <= 10 AND 1 = 0 OR 1 = 1
-- expect: row_generator
SELECT LEVEL FROM dual CONNECT BY (1 = 1 OR LEVEL <= 10 AND 1 = 0)
-- expect: row_generator
SELECT LEVEL FROM parts CONNECT BY LEVEL <= 10 AND offset = 1 OR 1 = 1
-- expect: allowed
SELECT LEVEL FROM dual CONNECT BY LEVEL <= 10 AND (1 = 0 OR 1 = 1)
-- expect: allowed
SELECT LEVEL FROM dual CONNECT BY LEVEL <= 10 AND 1 = 1 OR LEVEL <= 20
-- expect: row_generator
SELECT id FROM parts CONNECT BY PRIOR id = parent AND 1 = 0 OR 1 = 1
-- expect: row_generator
SELECT id FROM parts CONNECT BY NOT PRIOR id = parent
-- expect: allowed
SELECT id FROM parts CONNECT BY PRIOR id = parent OR PRIOR id = maker
-- expect: row_generator
SELECT LEVEL FROM dual CONNECT BY LEVEL - 1e15 < 0
-- expect: row_generator
SELECT LEVEL FROM dual CONNECT BY LEVEL / POWER(10, 9) < 1
-- expect: row_generator
SELECT LEVEL FROM dual CONNECT BY LEVEL / 1e12 < :share
-- expect: row_generator
SELECT LEVEL FROM dual CONNECT BY LEVEL - LEVEL < 5
-- expect: row_generator
SELECT LEVEL FROM dual CONNECT BY TRUNC(LEVEL, -15) < 5
-- expect: row_generator
SELECT LEVEL FROM dual CONNECT BY MOD(ABS(LEVEL), 2) < 5
-- expect: allowed
SELECT LEVEL FROM dual CONNECT BY (LEVEL - 1) * 5 < 100
-- expect: allowed
SELECT LEVEL FROM dual
CONNECT BY TIMESTAMP '2024-01-01 00:00:00' + NUMTODSINTERVAL(15 * (LEVEL - 1), 'MINUTE') < TIMESTAMP '2024-01-02 00:00:00'
-- expect: row_generator
SELECT LEVEL FROM dual CONNECT BY CASE WHEN LEVEL <= 10 THEN 1 ELSE 1 END = 1
-- expect: row_generator
SELECT LEVEL FROM dual CONNECT BY 1 = CASE WHEN LEVEL < 5 THEN 1 ELSE 1 END
-- expect: row_generator
SELECT LEVEL FROM dual CONNECT BY CASE LEVEL WHEN 0 THEN 0 ELSE 1 END = 1
-- expect: row_generator
SELECT LEVEL FROM dual CONNECT BY (SELECT CASE WHEN LEVEL <= 10 THEN 1 ELSE 1 END FROM dual) = 1
-- expect: allowed
SELECT LEVEL FROM dual CONNECT BY LEVEL <= CASE WHEN 1 = 1 OR 1 = 2 THEN 3 ELSE 4 END
-- expect: row_generator
SELECT LEVEL FROM dual CONNECT BY NVL(SUBSTR('abc', LEVEL, 1), 'x') = 'x'
-- expect: row_generator
SELECT LEVEL FROM dual CONNECT BY SUBSTR('abc', LEVEL, 1) IS NULL
-- expect: allowed
SELECT LEVEL FROM dual CONNECT BY NVL(INSTR('a,b', ',', 1, LEVEL - 1), 0) > 0
