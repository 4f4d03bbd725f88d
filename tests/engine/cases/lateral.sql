-- case: a lateral view sees the tables before it
SELECT m.member_id, x.n FROM members m, LATERAL (SELECT COUNT(*) AS n FROM loans l WHERE l.member_id = m.member_id) x;
-- MEMBER_ID | N
-- 10 | 2
-- 11 | 1
-- 12 | 3
-- 13 | 1
-- 14 | 0

-- case: the first row of each
SELECT m.member_id, x.loan_id FROM members m CROSS APPLY (SELECT loan_id FROM loans l WHERE l.member_id = m.member_id ORDER BY taken DESC FETCH FIRST 1 ROW ONLY) x;
-- MEMBER_ID | LOAN_ID
-- 10 | 2
-- 11 | 3
-- 12 | 6
-- 13 | 7

-- case: OUTER APPLY keeps the others
SELECT m.member_id, x.loan_id FROM members m OUTER APPLY (SELECT loan_id FROM (SELECT loan_id FROM loans l WHERE l.member_id = m.member_id ORDER BY taken DESC) WHERE ROWNUM = 1) x WHERE m.member_id > 12;
-- MEMBER_ID | LOAN_ID
-- 13 | 7
-- 14 | NULL

-- case: LEFT JOIN LATERAL with a condition
SELECT m.member_id, x.n FROM members m LEFT JOIN LATERAL (SELECT COUNT(*) AS n FROM loans l WHERE l.member_id = m.member_id) x ON x.n > 1;
-- MEMBER_ID | N
-- 10 | 2
-- 11 | NULL
-- 12 | 3
-- 13 | NULL
-- 14 | NULL

-- case: one after the other
SELECT b.branch_id, x.n, y.twice FROM branches b CROSS APPLY (SELECT COUNT(*) AS n FROM members m WHERE m.branch_id = b.branch_id) x CROSS APPLY (SELECT x.n * 2 + b.branch_id AS twice FROM dual) y;
-- BRANCH_ID | N | TWICE
-- 1 | 2 | 5
-- 2 | 2 | 6
-- 3 | 0 | 3

-- case: a table before the comma is seen too
SELECT b.branch_id, g.genre_id, x.s FROM branches b, genres g CROSS APPLY (SELECT b.branch_id + g.genre_id AS s FROM dual) x WHERE g.genre_id = 6;
-- BRANCH_ID | GENRE_ID | S
-- 1 | 6 | 7
-- 2 | 6 | 8
-- 3 | 6 | 9

-- case: columns turned into rows
SELECT l.loan_id, x.what, x.d FROM loans l CROSS APPLY (SELECT 'T' AS what, l.taken AS d FROM dual UNION ALL SELECT 'R', l.returned FROM dual) x WHERE l.loan_id = 4;
-- LOAN_ID | WHAT | D
-- 4 | 'T' | 2024-02-15
-- 4 | 'R' | 2024-02-15 12:00:00

-- case: an inline view sees no neighbour
SELECT 1 FROM members m, (SELECT COUNT(*) AS n FROM loans l WHERE l.member_id = m.member_id) x;
-- error: ORA-00904

-- case: a lateral view does not see what follows
SELECT 1 FROM LATERAL (SELECT COUNT(*) AS n FROM loans l WHERE l.member_id = m.member_id) x, members m;
-- error: ORA-00904

-- case: a column of NATURAL JOIN takes no table name
SELECT b.branch_id FROM branches b NATURAL JOIN (SELECT 1 AS branch_id FROM dual) d;
-- error: ORA-25155

-- case: NATURAL JOIN without a common column joins everything
SELECT COUNT(*) AS n FROM ring NATURAL JOIN branches;
-- N
-- 9
