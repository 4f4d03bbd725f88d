-- case: PRIOR binds as a sign does
SELECT genre_id, PRIOR genre_id * 2 + 1 AS n, PRIOR name || '/' || name AS p FROM genres START WITH genre_id = 2 CONNECT BY PRIOR genre_id + 1 = parent_id + 1;
-- GENRE_ID | N | P
-- 2 | NULL | '/Fiction'
-- 4 | 5 | 'Fiction/Crime'
-- 6 | 9 | 'Crime/Noir'
-- 5 | 5 | 'Fiction/Fantasy'

-- case: PRIOR of an expression in brackets and of a call
SELECT name FROM members START WITH referrer_id IS NULL CONNECT BY PRIOR (member_id + 0) = referrer_id AND PRIOR NVL(fee, 99) > 12;
-- NAME
-- 'Ann Byrne'
-- 'Bela Kiss'
-- 'Cid o''Dea'
-- 'Dora Núñez'
-- 'Evan Roe'

-- case: several conditions with PRIOR
SELECT member_id FROM members START WITH member_id = 10 CONNECT BY PRIOR member_id = referrer_id AND PRIOR branch_id = branch_id;
-- MEMBER_ID
-- 10
-- 11

-- case: each row as often as it says
SELECT branch_id, LEVEL AS l FROM branches CONNECT BY LEVEL <= branch_id AND PRIOR branch_id = branch_id AND PRIOR SYS_GUID() IS NOT NULL;
-- BRANCH_ID | L
-- 1 | 1
-- 2 | 1
-- 2 | 2
-- 3 | 1
-- 3 | 2
-- 3 | 3

-- case: the same by a random number
SELECT COUNT(*) AS n, MAX(LEVEL) AS l FROM branches CONNECT BY LEVEL <= branch_id AND PRIOR branch_id = branch_id AND PRIOR DBMS_RANDOM.VALUE IS NOT NULL;
-- N | L
-- 6 | 3

-- case: a row that is its own child is a loop
SELECT branch_id, LEVEL FROM branches CONNECT BY LEVEL <= branch_id AND PRIOR branch_id = branch_id;
-- error: ORA-01436

-- case: without PRIOR every row is a child of every row
SELECT LEVEL, COUNT(*) AS n FROM ring CONNECT BY LEVEL <= 3 GROUP BY LEVEL;
-- LEVEL | N
-- 1 | 3
-- 2 | 9
-- 3 | 27

-- case: a loop beyond the last level is none
SELECT a, LEVEL AS l FROM ring START WITH a = 'p' CONNECT BY PRIOR b = a AND LEVEL <= 3;
-- A | L
-- 'p' | 1
-- 'q' | 2
-- 'r' | 3

-- case: permutations
SELECT SYS_CONNECT_BY_PATH(a, ',') AS p FROM ring WHERE LEVEL = 3 CONNECT BY NOCYCLE PRIOR a <> a;
-- P
-- ',p,q,r'
-- ',p,r,q'
-- ',q,p,r'
-- ',q,r,p'
-- ',r,p,q'
-- ',r,q,p'

-- case: combinations
SELECT SYS_CONNECT_BY_PATH(a, ',') AS p FROM ring WHERE LEVEL = 2 CONNECT BY PRIOR a < a;
-- P
-- ',p,q'
-- ',p,r'
-- ',q,r'

-- case: NOCYCLE over different rows with one value is not known
SELECT s, d FROM (SELECT 'A' AS s, 'B' AS d FROM dual UNION ALL SELECT 'B', 'C' FROM dual UNION ALL SELECT 'C', 'B' FROM dual) START WITH s = 'A' CONNECT BY NOCYCLE PRIOR d = s;
-- unsupported: the same PRIOR values

-- case: CONNECT_BY_ISLEAF with NOCYCLE where there is no loop
SELECT name, CONNECT_BY_ISLEAF AS leaf FROM genres START WITH genre_id = 2 CONNECT BY NOCYCLE PRIOR genre_id = parent_id;
-- NAME | LEAF
-- 'Fiction' | 0
-- 'Crime' | 0
-- 'Noir' | 1
-- 'Fantasy' | 1

-- case: CONNECT_BY_ISLEAF of a row that closes a loop
SELECT a, CONNECT_BY_ISLEAF FROM ring START WITH a = 'p' CONNECT BY NOCYCLE PRIOR b = a;
-- unsupported: closes a loop

-- case: CONNECT_BY_ISCYCLE without NOCYCLE
SELECT CONNECT_BY_ISCYCLE FROM genres START WITH parent_id IS NULL CONNECT BY PRIOR genre_id = parent_id;
-- error: ORA-30930

-- case: a leaf is a row whose children a condition takes away
SELECT name, CONNECT_BY_ISLEAF AS leaf FROM genres START WITH genre_id = 2 CONNECT BY PRIOR genre_id = parent_id AND LEVEL <= 2;
-- NAME | LEAF
-- 'Fiction' | 0
-- 'Crime' | 1
-- 'Fantasy' | 1

-- case: the last of the rows from DUAL is a leaf
SELECT LEVEL, CONNECT_BY_ISLEAF AS leaf, SYS_CONNECT_BY_PATH(dummy, '-') AS p FROM dual CONNECT BY LEVEL <= 3;
-- LEVEL | LEAF | P
-- 1 | 0 | '-X'
-- 2 | 0 | '-X-X'
-- 3 | 1 | '-X-X-X'

-- case: rows from DUAL up to a date
SELECT LEVEL AS n, ADD_MONTHS(DATE '2024-01-31', LEVEL - 1) AS d FROM dual CONNECT BY ADD_MONTHS(DATE '2024-01-31', LEVEL - 1) < DATE '2024-04-01';
-- N | D
-- 1 | 2024-01-31
-- 2 | 2024-02-29
-- 3 | 2024-03-31

-- case: the first rows from DUAL
SELECT LEVEL AS n FROM dual WHERE ROWNUM <= 2 CONNECT BY LEVEL <= 100000;
-- N
-- 1
-- 2

-- case: several ways
SELECT SYS_CONNECT_BY_PATH(name, '/') AS p, SYS_CONNECT_BY_PATH(genre_id, '->') AS q, SYS_CONNECT_BY_PATH(name, '|') AS r FROM genres WHERE genre_id = 6 START WITH parent_id = 1 CONNECT BY PRIOR genre_id = parent_id;
-- P | Q | R
-- '/Fiction/Crime/Noir' | '->2->4->6' | '|Fiction|Crime|Noir'

-- case: a way over NULLs
SELECT SYS_CONNECT_BY_PATH(email, '/') AS p FROM members WHERE member_id = 13 START WITH member_id = 10 CONNECT BY PRIOR member_id = referrer_id;
-- P
-- '/ann@lib.example//dora_n@lib.example'

-- case: the separator in a row that is not walked
SELECT SYS_CONNECT_BY_PATH(name, 'F') AS p FROM genres START WITH name = 'Science' CONNECT BY PRIOR genre_id = parent_id;
-- P
-- 'FScience'

-- case: no separator
SELECT SYS_CONNECT_BY_PATH(name, '') FROM genres START WITH parent_id IS NULL CONNECT BY PRIOR genre_id = parent_id;
-- error: ORA-30003

-- case: the root in WHERE
SELECT name FROM genres WHERE CONNECT_BY_ROOT name = 'Fiction' AND LEVEL > 1 START WITH parent_id = 1 CONNECT BY PRIOR genre_id = parent_id;
-- NAME
-- 'Crime'
-- 'Noir'
-- 'Fantasy'

-- case: the root in START WITH
SELECT name FROM genres START WITH CONNECT_BY_ROOT name = 'All' CONNECT BY PRIOR genre_id = parent_id;
-- error: ORA-30007

-- case: the root as a key of groups
SELECT CONNECT_BY_ROOT name, COUNT(*) FROM genres CONNECT BY PRIOR genre_id = parent_id GROUP BY CONNECT_BY_ROOT name;
-- unsupported: CONNECT_BY_ROOT in GROUP BY

-- case: the root inside of a group function
SELECT genre_id, COUNT(DISTINCT CONNECT_BY_ROOT name) AS n FROM genres WHERE genre_id > 4 CONNECT BY PRIOR genre_id = parent_id GROUP BY genre_id;
-- GENRE_ID | N
-- 5 | 3
-- 6 | 4

-- case: a hierarchy inside of START WITH
SELECT name FROM genres START WITH genre_id IN (SELECT x.genre_id FROM genres x WHERE LEVEL = 2 START WITH x.name = 'Noir' CONNECT BY x.genre_id = PRIOR x.parent_id) CONNECT BY PRIOR genre_id = parent_id;
-- NAME
-- 'Crime'
-- 'Noir'

-- case: a hierarchy for each row
SELECT member_id, (SELECT MAX(LEVEL) FROM members x START WITH x.member_id = m.member_id CONNECT BY PRIOR x.referrer_id = x.member_id) AS depth FROM members m;
-- MEMBER_ID | DEPTH
-- 10 | 1
-- 11 | 2
-- 12 | 2
-- 13 | 3
-- 14 | 4

-- case: a subquery in CONNECT BY
SELECT name FROM genres g START WITH parent_id IS NULL CONNECT BY PRIOR genre_id = parent_id AND EXISTS (SELECT 1 FROM books b WHERE b.genre_id = g.genre_id);
-- NAME
-- 'All'
-- 'Science'

-- case: over a query of WITH
WITH g AS (SELECT genre_id AS id, parent_id AS up, name FROM genres WHERE name <> 'Fantasy') SELECT id, LEVEL AS l FROM g START WITH up IS NULL CONNECT BY up = PRIOR id ORDER SIBLINGS BY name DESC;
-- ID | L (ordered)
-- 1 | 1
-- 3 | 2
-- 2 | 2
-- 4 | 3
-- 6 | 4

-- case: an outer join comes before the hierarchy
SELECT g.name, b.title FROM genres g LEFT JOIN books b ON g.genre_id = b.genre_id AND b.price > 10 START WITH g.genre_id = 4 CONNECT BY PRIOR g.genre_id = g.parent_id;
-- NAME | TITLE
-- 'Crime' | NULL
-- 'Noir' | 'Night Rain'

-- case: a condition on one table in ON
SELECT g.name FROM genres g JOIN books b ON g.genre_id = b.genre_id AND b.price > 10 START WITH g.genre_id = 4 CONNECT BY PRIOR g.genre_id = g.parent_id;
-- unsupported: a condition on one table in ON

-- case: a window over a hierarchy
SELECT name, COUNT(*) OVER (PARTITION BY LEVEL) AS n FROM genres START WITH genre_id = 2 CONNECT BY PRIOR genre_id = parent_id;
-- NAME | N
-- 'Fiction' | 1
-- 'Crime' | 2
-- 'Fantasy' | 2
-- 'Noir' | 1

-- case: siblings by the level
SELECT name FROM genres START WITH parent_id IS NULL CONNECT BY PRIOR genre_id = parent_id ORDER SIBLINGS BY LEVEL;
-- unsupported: ORDER SIBLINGS BY

-- case: siblings without a hierarchy
SELECT name FROM genres ORDER SIBLINGS BY name;
-- error: ORA-30929

-- case: ROWNUM in a condition of CONNECT BY
SELECT name FROM genres START WITH parent_id IS NULL CONNECT BY PRIOR genre_id = parent_id AND ROWNUM < 3;
-- unsupported: ROWNUM in CONNECT BY

-- case: GROUP BY in front of CONNECT BY
SELECT branch_id, LTRIM(MAX(SYS_CONNECT_BY_PATH(name, ',')) KEEP (DENSE_RANK LAST ORDER BY curr), ',') AS names FROM (SELECT branch_id, name, ROW_NUMBER() OVER (PARTITION BY branch_id ORDER BY name) AS curr, ROW_NUMBER() OVER (PARTITION BY branch_id ORDER BY name) - 1 AS prev FROM members) GROUP BY branch_id CONNECT BY prev = PRIOR curr AND branch_id = PRIOR branch_id START WITH curr = 1;
-- BRANCH_ID | NAMES
-- NULL | 'Evan Roe'
-- 1 | 'Ann Byrne,Bela Kiss'
-- 2 | 'Cid o''Dea,Dora Núñez'

-- case: siblings by a text that is no position
SELECT name FROM genres START WITH genre_id = 1 CONNECT BY PRIOR genre_id = parent_id AND LEVEL < 2 ORDER SIBLINGS BY 'x';
-- NAME
-- 'All'

-- case: siblings by a position that is no whole number
SELECT name FROM genres CONNECT BY PRIOR genre_id = parent_id ORDER SIBLINGS BY 1.5;
-- error: ORA-01785

-- case: a column with the name of a pseudocolumn
SELECT "LEVEL" FROM (SELECT LEVEL AS "LEVEL" FROM DUAL CONNECT BY LEVEL <= 2) ORDER BY "LEVEL" DESC;
-- LEVEL
-- 2
-- 1

-- case: a name that may be the column or the pseudocolumn
SELECT "LEVEL" FROM (SELECT 7 AS "LEVEL" FROM DUAL) CONNECT BY LEVEL <= 2;
-- unsupported: "LEVEL" that is a column and a pseudocolumn

-- case: a path with a dollar and a letter between its parts
SELECT SYS_CONNECT_BY_PATH(name, '$t') AS p FROM genres START WITH genre_id = 4 CONNECT BY PRIOR genre_id = parent_id;
-- P
-- '$tCrime'
-- '$tCrime$tNoir'
