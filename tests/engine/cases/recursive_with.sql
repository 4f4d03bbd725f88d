-- case: numbers
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT n + 1 FROM r WHERE n < 4) SELECT n, n * n FROM r ORDER BY n;
-- N | N*N (ordered)
-- 1 | 1
-- 2 | 4
-- 3 | 9
-- 4 | 16

-- case: a hierarchy with its level and its way, which grows beyond the first value
WITH r (id, lvl, way) AS (SELECT genre_id, 1, name FROM genres WHERE parent_id IS NULL UNION ALL SELECT g.genre_id, r.lvl + 1, r.way || '/' || g.name FROM genres g JOIN r ON g.parent_id = r.id) SELECT id, lvl, way FROM r;
-- ID | LVL | WAY
-- 1 | 1 | 'All'
-- 2 | 2 | 'All/Fiction'
-- 3 | 2 | 'All/Science'
-- 4 | 3 | 'All/Fiction/Crime'
-- 5 | 3 | 'All/Fiction/Fantasy'
-- 6 | 4 | 'All/Fiction/Crime/Noir'

-- case: several rows to begin with, a comma join, and a WITH query before it
WITH top AS (SELECT 2 AS most FROM dual), r (id, lvl) AS (SELECT member_id, 0 FROM members WHERE referrer_id = 10 UNION ALL SELECT m.member_id, lvl + 1 FROM r, members m, top WHERE m.referrer_id = r.id AND r.lvl < top.most) SELECT id, lvl FROM r ORDER BY id;
-- ID | LVL (ordered)
-- 11 | 0
-- 12 | 0
-- 13 | 1
-- 14 | 2

-- case: days
WITH d (day) AS (SELECT DATE '2024-02-28' FROM dual UNION ALL SELECT day + 1 FROM d WHERE day < DATE '2024-03-01') SELECT day FROM d;
-- DAY
-- 2024-02-28
-- 2024-02-29
-- 2024-03-01

-- case: text taken apart
WITH r (n, word, rest) AS (SELECT 0, NULL, 'red,,blue,' FROM dual UNION ALL SELECT n + 1, SUBSTR(rest, 1, INSTR(rest, ',') - 1), SUBSTR(rest, INSTR(rest, ',') + 1) FROM r WHERE rest IS NOT NULL) SELECT n, word FROM r WHERE n > 0 ORDER BY n;
-- N | WORD (ordered)
-- 1 | 'red'
-- 2 | NULL
-- 3 | 'blue'

-- case: decimals that grow with each step
WITH r (n, amount) AS (SELECT 0, 100 FROM dual UNION ALL SELECT n + 1, amount * 1.1 FROM r WHERE n < 3) SELECT n, amount FROM r ORDER BY n;
-- N | AMOUNT (ordered)
-- 0 | 100
-- 1 | 110
-- 2 | 121
-- 3 | 133.1

-- case: read twice, and aggregated
WITH f (i, a, b) AS (SELECT 1, 0, 1 FROM dual UNION ALL SELECT i + 1, b, a + b FROM f WHERE i < 8) SELECT (SELECT MAX(a) FROM f) AS mx, COUNT(*) AS n FROM f WHERE MOD(a, 2) = 0;
-- MX | N
-- 13 | 3

-- case: depth first
WITH r (id, name) AS (SELECT genre_id, name FROM genres WHERE parent_id IS NULL UNION ALL SELECT g.genre_id, g.name FROM genres g JOIN r ON g.parent_id = r.id) SEARCH DEPTH FIRST BY name SET seq SELECT seq, name FROM r ORDER BY seq;
-- SEQ | NAME (ordered)
-- 1 | 'All'
-- 2 | 'Fiction'
-- 3 | 'Crime'
-- 4 | 'Noir'
-- 5 | 'Fantasy'
-- 6 | 'Science'

-- case: depth first by the largest, by two columns
WITH r (id, name, lvl) AS (SELECT genre_id, name, 1 FROM genres WHERE parent_id IS NULL UNION ALL SELECT g.genre_id, g.name, lvl + 1 FROM genres g JOIN r ON g.parent_id = r.id) SEARCH DEPTH FIRST BY lvl, name DESC SET seq SELECT * FROM r ORDER BY seq;
-- ID | NAME | LVL | SEQ (ordered)
-- 1 | 'All' | 1 | 1
-- 3 | 'Science' | 2 | 2
-- 2 | 'Fiction' | 2 | 3
-- 5 | 'Fantasy' | 3 | 4
-- 4 | 'Crime' | 3 | 5
-- 6 | 'Noir' | 4 | 6

-- case: breadth first
WITH r (id, name) AS (SELECT genre_id, name FROM genres WHERE parent_id IS NULL UNION ALL SELECT g.genre_id, g.name FROM genres g JOIN r ON g.parent_id = r.id) SEARCH BREADTH FIRST BY name SET seq SELECT name FROM r ORDER BY seq;
-- NAME (ordered)
-- 'All'
-- 'Fiction'
-- 'Science'
-- 'Crime'
-- 'Fantasy'
-- 'Noir'

-- case: breadth first where the order of cousins would show
WITH r (id, k, lvl) AS (SELECT branch_id, branch_id, 1 FROM branches UNION ALL SELECT id + 10, -k, lvl + 1 FROM r WHERE lvl < 2) SEARCH BREADTH FIRST BY k SET seq SELECT id FROM r ORDER BY seq;
-- unsupported: cousins

-- case: breadth first where its number is not read
WITH r (id, k, lvl) AS (SELECT branch_id, branch_id, 1 FROM branches UNION ALL SELECT id + 10, -k, lvl + 1 FROM r WHERE lvl < 2) SEARCH BREADTH FIRST BY k SET seq SELECT COUNT(*) AS n FROM r;
-- N
-- 6

-- case: a loop without CYCLE
WITH r (a, b) AS (SELECT a, b FROM ring WHERE a = 'p' UNION ALL SELECT x.a, x.b FROM ring x JOIN r ON x.a = r.b) SELECT a FROM r;
-- error: ORA-32044

-- case: columns that the condition reads and that stay the same are a loop
WITH r (n, m) AS (SELECT 1, 1 FROM dual UNION ALL SELECT n + 1, FLOOR((n + 1) / 5) FROM r WHERE m < 2) SELECT n FROM r;
-- error: ORA-32044

-- case: CYCLE shows the row that closes the loop
WITH r (a, b) AS (SELECT a, b FROM ring WHERE a = 'p' UNION ALL SELECT x.a, x.b FROM ring x JOIN r ON x.a = r.b) CYCLE a SET looped TO 'Y' DEFAULT 'N' SELECT a, b, looped FROM r;
-- A | B | LOOPED
-- 'p' | 'q' | 'N'
-- 'q' | 'r' | 'N'
-- 'r' | 'p' | 'N'
-- 'p' | 'q' | 'Y'

-- case: the marks of CYCLE are text
WITH r (a, b) AS (SELECT a, b FROM ring WHERE a = 'p' UNION ALL SELECT x.a, x.b FROM ring x JOIN r ON x.a = r.b) CYCLE a SET looped TO 1 DEFAULT 0 SELECT COUNT(*) AS n, MAX(looped) AS l FROM r WHERE looped = '0';
-- N | L
-- 3 | '0'

-- case: SEARCH and CYCLE
WITH r (a, b) AS (SELECT a, b FROM ring WHERE a = 'q' UNION ALL SELECT x.a, x.b FROM ring x JOIN r ON x.a = r.b) SEARCH DEPTH FIRST BY a SET seq CYCLE a, b SET looped TO 'Y' DEFAULT 'N' SELECT seq, a, looped FROM r ORDER BY seq DESC;
-- SEQ | A | LOOPED (ordered)
-- 4 | 'q' | 'Y'
-- 3 | 'p' | 'N'
-- 2 | 'r' | 'N'
-- 1 | 'q' | 'N'

-- case: inside of a scalar subquery, over a column of the outer block
SELECT branch_id, (WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT n + 1 FROM r WHERE n < b.branch_id) SELECT SUM(n) FROM r) AS s FROM branches b;
-- BRANCH_ID | S
-- 1 | 1
-- 2 | 3
-- 3 | 6

-- case: CHAR and text become text
WITH r (c) AS (SELECT code FROM branches WHERE branch_id = 1 UNION ALL SELECT 'x' FROM r WHERE c <> 'x') SELECT c FROM r;
-- C
-- 'CE  '
-- 'x'

-- case: no list of columns
WITH r AS (SELECT 1 AS n FROM dual UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT n FROM r;
-- error: ORA-32039

-- case: a query of WITH named as the table it reads
WITH members AS (SELECT * FROM members WHERE fee > 1) SELECT COUNT(*) FROM members;
-- error: ORA-32039

-- case: UNION
WITH r (n) AS (SELECT 1 FROM dual UNION SELECT n + 1 FROM r WHERE n < 3) SELECT n FROM r;
-- error: ORA-32040

-- case: three branches
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT 5 FROM dual UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT n FROM r;
-- error: ORA-32041

-- case: the first branch is a set operation in brackets
WITH r (n) AS ((SELECT 1 FROM dual UNION SELECT 5 FROM dual) UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT SUM(n) AS s FROM r;
-- S
-- 11

-- case: itself in a subquery only
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT genre_id FROM genres WHERE genre_id IN (SELECT n + 1 FROM r)) SELECT n FROM r;
-- error: ORA-32042

-- case: nothing to begin with
WITH r (n) AS (SELECT n FROM r UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT n FROM r;
-- error: ORA-32043

-- case: itself twice
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT r.n + 1 FROM r, r q WHERE r.n < 3) SELECT n FROM r;
-- error: ORA-32490

-- case: a group function in the recursive branch
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT MAX(n) + 1 FROM r WHERE n < 3) SELECT n FROM r;
-- error: ORA-32486

-- case: DISTINCT in the recursive branch
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT DISTINCT n + 1 FROM r WHERE n < 3) SELECT n FROM r;
-- error: ORA-32486

-- case: an analytic function in the recursive branch
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT ROW_NUMBER() OVER (ORDER BY n) FROM r WHERE n < 3) SELECT n FROM r;
-- unsupported: analytic

-- case: a branch of another type
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT 'x' FROM r WHERE n < 3) SELECT n FROM r;
-- error: ORA-01790

-- case: a branch of another number of columns
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT n + 1, 2 FROM r WHERE n < 3) SELECT n FROM r;
-- error: ORA-01789

-- case: another number of names
WITH r (n, m) AS (SELECT 1 FROM dual UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT n FROM r;
-- error: ORA-32038

-- case: no condition that could end it
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT n + 1 FROM r) SELECT n FROM r WHERE ROWNUM < 5;
-- unsupported: reads none of its columns

-- case: the null-supplied side of an outer join
WITH r (id) AS (SELECT 1 FROM dual UNION ALL SELECT g.genre_id FROM genres g LEFT JOIN r ON g.parent_id = r.id) SELECT id FROM r;
-- unsupported: outer join of a recursive WITH

-- case: SEARCH of a query that is not recursive
WITH r (n) AS (SELECT 1 FROM dual) SEARCH DEPTH FIRST BY n SET seq SELECT n FROM r;
-- error: ORA-32480

-- case: SEARCH by an unknown column
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT n + 1 FROM r WHERE n < 3) SEARCH DEPTH FIRST BY m SET seq SELECT n FROM r;
-- error: ORA-32489

-- case: the number of SEARCH under a name that is taken
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT n + 1 FROM r WHERE n < 3) SEARCH DEPTH FIRST BY n SET n SELECT n FROM r;
-- error: ORA-32046

-- case: CYCLE over an unknown column
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT n + 1 FROM r WHERE n < 3) CYCLE m SET c TO 'Y' DEFAULT 'N' SELECT n FROM r;
-- error: ORA-32485

-- case: one mark for both in CYCLE
WITH r (n) AS (SELECT 1 FROM dual UNION ALL SELECT n + 1 FROM r WHERE n < 3) CYCLE n SET c TO 'Y' DEFAULT 'Y' SELECT n FROM r;
-- error: ORA-32481

-- case: a column without alias behind WITH is named by its own text
WITH v AS (SELECT MAX(fee) AS mx FROM members) SELECT COUNT(*) FROM v;
-- COUNT(*)
-- 1
