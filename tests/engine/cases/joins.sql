-- case: inner join
SELECT m.name, b.name AS branch FROM members m JOIN branches b ON m.branch_id = b.branch_id WHERE b.branch_id = 1;
-- NAME | BRANCH
-- 'Ann Byrne' | 'Central'
-- 'Bela Kiss' | 'Central'

-- case: left join with a condition on the right table
SELECT m.member_id, l.loan_id FROM members m LEFT JOIN loans l ON l.member_id = m.member_id AND l.fine > 0;
-- MEMBER_ID | LOAN_ID
-- 10 | NULL
-- 11 | 3
-- 12 | 5
-- 13 | NULL
-- 14 | NULL

-- case: right and full join
SELECT b.branch_id, m.member_id FROM members m FULL OUTER JOIN branches b ON m.branch_id = b.branch_id WHERE m.member_id IS NULL OR b.branch_id IS NULL;
-- BRANCH_ID | MEMBER_ID
-- 3 | NULL
-- NULL | 14

-- case: USING merges the column
SELECT branch_id, COUNT(m.member_id) AS n FROM members m RIGHT JOIN branches b USING (branch_id) GROUP BY branch_id ORDER BY branch_id;
-- BRANCH_ID | N (ordered)
-- 1 | 2
-- 2 | 2
-- 3 | 0

-- case: USING puts its column first
SELECT * FROM (SELECT 1 AS a, 2 AS k FROM dual) JOIN (SELECT 2 AS k, 3 AS b FROM dual) USING (k);
-- K | A | B
-- 2 | 1 | 3

-- case: the column of USING takes no table name
SELECT m.branch_id FROM members m JOIN branches b USING (branch_id);
-- error: ORA-25154

-- case: NATURAL JOIN
SELECT book_id, title FROM books NATURAL JOIN (SELECT 4 AS genre_id FROM dual);
-- BOOK_ID | TITLE
-- 100 | 'Low Tide'

-- case: CROSS JOIN and the comma
SELECT COUNT(*) AS n FROM branches CROSS JOIN genres, ring;
-- N
-- 54

-- case: a comma is weaker than JOIN
SELECT COUNT(*) AS n FROM branches b, members m JOIN loans l ON l.member_id = m.member_id WHERE b.branch_id = m.branch_id;
-- N
-- 7

-- case: ON does not see a table before the comma
SELECT COUNT(*) FROM branches b, members m JOIN loans l ON l.member_id = m.member_id AND b.branch_id = 1;
-- error: ORA-00904

-- case: three tables and a self join
SELECT m.name, r.name AS by_whom FROM members m LEFT JOIN members r ON m.referrer_id = r.member_id WHERE m.member_id > 12;
-- NAME | BY_WHOM
-- 'Dora Núñez' | 'Bela Kiss'
-- 'Evan Roe' | 'Dora Núñez'

-- case: a join without a condition
SELECT 1 FROM members JOIN branches;
-- error: ORA-00905

-- case: old outer join
SELECT m.member_id, b.branch_id FROM members m, branches b WHERE m.branch_id = b.branch_id(+);
-- MEMBER_ID | BRANCH_ID
-- 10 | 1
-- 11 | 1
-- 12 | 2
-- 13 | 2
-- 14 | NULL

-- case: old outer join with a marked literal condition
SELECT m.member_id, l.loan_id FROM members m, loans l WHERE l.member_id(+) = m.member_id AND l.note(+) = 'late' ORDER BY 1;
-- MEMBER_ID | LOAN_ID (ordered)
-- 10 | NULL
-- 11 | 3
-- 12 | 5
-- 13 | NULL
-- 14 | NULL

-- case: an unmarked condition filters afterwards
SELECT m.member_id, l.loan_id FROM members m, loans l WHERE l.member_id(+) = m.member_id AND l.note = 'late' ORDER BY 1;
-- MEMBER_ID | LOAN_ID (ordered)
-- 11 | 3
-- 12 | 5

-- case: an old outer join as an anti join
SELECT m.member_id FROM members m, loans l WHERE m.member_id = l.member_id(+) AND l.loan_id IS NULL;
-- MEMBER_ID
-- 14

-- case: a chain of old outer joins
SELECT m.member_id, l.loan_id, k.title FROM members m, loans l, books k WHERE m.member_id = l.member_id(+) AND l.book_id = k.book_id(+) AND m.member_id IN (11, 14);
-- MEMBER_ID | LOAN_ID | TITLE
-- 11 | 3 | 'Low Tide'
-- 14 | NULL | NULL

-- case: two tables joined to one by old outer joins
SELECT m.member_id, b.name, r.name AS r FROM members m, branches b, members r WHERE m.branch_id = b.branch_id(+) AND m.referrer_id = r.member_id(+) AND m.member_id IN (10, 14);
-- MEMBER_ID | NAME | R
-- 10 | 'Central' | NULL
-- 14 | NULL | 'Dora Núñez'

-- case: a marked column inside an expression
SELECT b.branch_id, m.member_id FROM branches b, members m WHERE b.branch_id = NVL(m.branch_id(+), 0) AND m.fee(+) > 20;
-- BRANCH_ID | MEMBER_ID
-- 1 | 10
-- 2 | NULL
-- 3 | NULL

-- case: a mark inside OR
SELECT 1 FROM members m, branches b WHERE m.branch_id = b.branch_id(+) OR b.branch_id(+) = 1;
-- error: ORA-01719

-- case: marks on both sides
SELECT 1 FROM members m, branches b WHERE m.branch_id(+) = b.branch_id(+);
-- error: ORA-01468

-- case: a mark beside JOIN
SELECT 1 FROM members m JOIN loans l ON l.member_id = m.member_id, branches b WHERE m.branch_id = b.branch_id(+);
-- error: ORA-25156

-- case: a subquery for each row
SELECT m.member_id, (SELECT COUNT(*) FROM loans l WHERE l.member_id = m.member_id) AS n, (SELECT b.name FROM branches b WHERE b.branch_id = m.branch_id) AS b FROM members m WHERE m.member_id >= 13;
-- MEMBER_ID | N | B
-- 13 | 1 | 'Harbour'
-- 14 | 0 | NULL

-- case: a scalar subquery with two rows
SELECT (SELECT name FROM members) FROM dual;
-- error: ORA-01427

-- case: a scalar subquery with two columns
SELECT (SELECT name, fee FROM members WHERE member_id = 10) FROM dual;
-- error: ORA-00913

-- case: IN, EXISTS, and rows of values
SELECT member_id FROM members m WHERE member_id IN (SELECT member_id FROM loans WHERE fine > 0) AND EXISTS (SELECT 1 FROM loans l WHERE l.member_id = m.member_id AND l.note = 'ok') AND (branch_id, fee) IN (SELECT branch_id, MIN(fee) FROM members GROUP BY branch_id);
-- MEMBER_ID
-- 12

-- case: IN a list of rows
SELECT member_id FROM members WHERE (branch_id, fee) IN ((1, 30), (2, 12.5));
-- MEMBER_ID
-- 10
-- 12

-- case: ANY and ALL
SELECT book_id FROM books WHERE price > ALL (SELECT fee FROM members WHERE fee < 30) AND price = ANY (14.5, 40);
-- BOOK_ID
-- 101
-- 102
-- 103

-- case: ALL over a list
SELECT book_id FROM books WHERE price <= ALL (15, 20);
-- BOOK_ID
-- 100
-- 101
-- 103

-- case: ALL over no rows is true, ANY is false
SELECT COUNT(*) AS n FROM dual WHERE 1 > ALL (SELECT 5 FROM dual WHERE 1 = 0) AND NOT 1 > ANY (SELECT 5 FROM dual WHERE 1 = 0);
-- N
-- 1

-- case: IN with columns of different scale
SELECT book_id FROM books WHERE pages IN (SELECT 210.0 FROM dual UNION ALL SELECT 512.5 FROM dual);
-- BOOK_ID
-- 100
-- 102

-- case: WITH
WITH late AS (SELECT member_id, COUNT(*) n FROM loans WHERE note = 'late' GROUP BY member_id), top (mx) AS (SELECT MAX(n) FROM late) SELECT late.member_id FROM late, top WHERE late.n = top.mx;
-- MEMBER_ID
-- 11
-- 12

-- case: a query of WITH read twice, and one that hides a table
WITH members AS (SELECT 1 AS x FROM dual) SELECT a.x + b.x AS s FROM members a, members b;
-- S
-- 2

-- case: an inline view does not see its neighbours
SELECT 1 FROM members m, (SELECT l.loan_id FROM loans l WHERE l.member_id = m.member_id) v;
-- error: ORA-00904

-- case: columns of inline views
SELECT v.n, v."COUNT(*)" AS c FROM (SELECT note AS n, COUNT(*) FROM loans GROUP BY note) v WHERE v.n = 'late';
-- N | C
-- 'late' | 2

-- case: a join in brackets
SELECT b.branch_id, COUNT(l.loan_id) AS n FROM branches b LEFT JOIN (members m JOIN loans l ON l.member_id = m.member_id) ON m.branch_id = b.branch_id GROUP BY b.branch_id;
-- BRANCH_ID | N
-- 1 | 3
-- 2 | 4
-- 3 | 0

-- case: brackets after a comma
SELECT COUNT(*) AS n FROM genres g, (members m JOIN loans l ON l.member_id = m.member_id) WHERE g.genre_id = 1;
-- N
-- 7

-- case: a group function over an outer block
SELECT name, (SELECT MAX(m.fee) FROM dual) AS x FROM members m;
-- unsupported: a group function over columns of an outer query

-- case: a group function over both blocks
SELECT m.member_id, (SELECT SUM(l.fine * m.fee) FROM loans l WHERE l.member_id = m.member_id) AS x FROM members m WHERE m.member_id < 13;
-- MEMBER_ID | X
-- 10 | 0
-- 11 | 56.25
-- 12 | 15.625

-- case: an outer column inside a grouped block's subquery
SELECT m.branch_id, (SELECT b.name FROM branches b WHERE b.branch_id = m.branch_id) AS b, COUNT(*) AS n FROM members m GROUP BY m.branch_id;
-- BRANCH_ID | B | N
-- 1 | 'Central' | 2
-- 2 | 'Harbour' | 2
-- NULL | NULL | 1

-- case: an inner column that is no key
SELECT m.branch_id, (SELECT MAX(b.name) FROM branches b WHERE b.branch_id = m.fee) AS b FROM members m GROUP BY m.branch_id;
-- error: ORA-00979
