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
-- expect: endless_recursion
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT n + 1 FROM r WHERE n < 10 AND 1 = 0 OR 1 = 1) SELECT COUNT(*) FROM r
-- expect: endless_recursion
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT n + 1 FROM r WHERE n < 10 OR n >= 10) SELECT COUNT(*) FROM r
-- expect: endless_recursion
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT n + 1 FROM r WHERE n < n + 1) SELECT COUNT(*) FROM r
-- expect: endless_recursion
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT n + 1 FROM r WHERE n + 1 > n) SELECT COUNT(*) FROM r
-- expect: endless_recursion
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT n + 1 FROM r WHERE NOT (n < 0)) SELECT COUNT(*) FROM r
-- expect: endless_recursion
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT n + 1 FROM r WHERE EXISTS (SELECT 1 FROM dual)) SELECT COUNT(*) FROM r
-- expect: endless_recursion
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT n + 1 FROM r WHERE CASE WHEN n < 10 THEN 1 ELSE 1 END = 1) SELECT COUNT(*) FROM r
-- expect: endless_recursion
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT n + 1 FROM r WHERE UPPER(n) IS NOT NULL) SELECT COUNT(*) FROM r
-- expect: allowed
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT n + 1 FROM r WHERE n < 10 OR n < 5) SELECT COUNT(*) FROM r
-- expect: allowed
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT n + 1 FROM r WHERE NOT (n > 10)) SELECT COUNT(*) FROM r
-- expect: allowed
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT n + 1 FROM r WHERE CASE WHEN n < 10 THEN 1 ELSE 0 END = 1) SELECT COUNT(*) FROM r
-- expect: allowed
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT n + 1 FROM r WHERE EXISTS (SELECT 1 FROM bills b WHERE b.id = r.n)) SELECT COUNT(*) FROM r
-- expect: allowed
WITH r (tag, rest) AS (SELECT SUBSTR(tags,1,INSTR(tags||',',',')-1), SUBSTR(tags,INSTR(tags||',',',')+1) FROM t
UNION ALL SELECT SUBSTR(rest,1,INSTR(rest||',',',')-1), SUBSTR(rest,INSTR(rest||',',',')+1) FROM r WHERE rest IS NOT NULL) SELECT tag FROM r
-- expect: allowed
WITH r (s) AS (SELECT tags FROM t
UNION ALL SELECT SUBSTR(s, 2) FROM r WHERE s IS NOT NULL) SELECT s FROM r
-- expect: allowed
WITH r (n, s) AS (SELECT 1, tags FROM t
UNION ALL SELECT n+1, s FROM r WHERE REGEXP_SUBSTR(s,'[^,]+',1,n+1) IS NOT NULL) SELECT s FROM r
-- expect: allowed
WITH r (s, pos) AS (SELECT 'a,b', INSTR('a,b', ',') FROM dual
UNION ALL SELECT s, INSTR(s, ',', pos + 1) FROM r WHERE pos > 0) SELECT s FROM r
-- expect: endless_recursion
WITH r (n, s) AS (SELECT 1, tags FROM t UNION ALL SELECT n + 1, s FROM r WHERE s IS NOT NULL) SELECT s FROM r
-- expect: endless_recursion
WITH r (n, s) AS (SELECT 1, 5 FROM dual UNION ALL SELECT n + 1, s FROM r WHERE s > 3) SELECT s FROM r
-- expect: endless_recursion
WITH r (n, s) AS (SELECT 1, tags FROM t UNION ALL SELECT n + 1, s FROM r WHERE REGEXP_SUBSTR(s, '[^,]+', 1, 2) IS NOT NULL) SELECT s FROM r
-- expect: endless_recursion
WITH r AS (SELECT 1 n FROM dual UNION ALL SELECT n + 1 FROM r WHERE n > 0) SELECT n FROM r
-- expect: endless_recursion
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT r.n + 1 FROM r CROSS JOIN dual WHERE r.n > 0) SELECT n FROM r
-- expect: endless_recursion
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT n + 1 FROM r WHERE NOT n IS NULL) SELECT n FROM r
-- expect: endless_recursion
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT n + 1 FROM r WHERE n <> n + 1) SELECT n FROM r
-- expect: allowed
WITH r (lo, hi) AS (SELECT 1, 10 FROM dual UNION ALL SELECT lo, hi - 1 FROM r WHERE lo < hi) SELECT lo FROM r
-- expect: allowed
WITH g (a, b) AS (SELECT 48, 18 FROM dual UNION ALL SELECT b, MOD(a, b) FROM g WHERE b > 0) SELECT a FROM g
-- expect: allowed
WITH e (id, depth) AS (SELECT id, 1 FROM staff WHERE boss IS NULL
UNION ALL SELECT s.id, e.depth + 1 FROM staff s JOIN e ON s.boss = e.id WHERE s.id IS NOT NULL) SELECT id FROM e
