-- case: IN of a sorted subquery
SELECT name FROM members WHERE branch_id IN (SELECT branch_id FROM branches ORDER BY branch_id);
-- error: ORA-00907

-- case: a sorted scalar subquery
SELECT (SELECT fee FROM members WHERE member_id = 10 ORDER BY fee) FROM dual;
-- error: ORA-00907

-- case: EXISTS of a sorted subquery
SELECT name FROM members m WHERE EXISTS (SELECT 1 FROM loans l WHERE l.member_id = m.member_id ORDER BY l.taken);
-- error: ORA-00907

-- case: a sorted set operation in a comparison
SELECT name FROM members WHERE fee > ALL (SELECT fine FROM loans UNION SELECT 1 FROM dual ORDER BY 1);
-- error: ORA-00907

-- case: sorted to be cut
SELECT (SELECT loan_id FROM loans ORDER BY taken DESC FETCH FIRST 1 ROW ONLY) AS l FROM dual;
-- L
-- 8

-- case: sorted in an inline view
SELECT name FROM members WHERE branch_id IN (SELECT branch_id FROM (SELECT branch_id FROM branches ORDER BY name DESC) WHERE ROWNUM <= 2);
-- NAME
-- 'Cid o''Dea'
-- 'Dora Núñez'

-- case: sorted in WITH and behind APPLY
WITH v AS (SELECT branch_id FROM branches ORDER BY branch_id DESC) SELECT v.branch_id, x.n FROM v CROSS APPLY (SELECT COUNT(*) AS n FROM members m WHERE m.branch_id = v.branch_id ORDER BY 1) x WHERE ROWNUM = 1;
-- BRANCH_ID | N
-- 3 | 0

-- case: a set operation is sorted by columns and not by expressions
SELECT name FROM members UNION SELECT title FROM books ORDER BY LENGTH(name);
-- error: ORA-01785

-- case: nor by the other branch's names
SELECT name FROM members UNION SELECT title FROM books ORDER BY title;
-- error: ORA-00904

-- case: an expression over a set operation in an inline view
SELECT name FROM (SELECT name FROM members WHERE member_id < 12 UNION SELECT title FROM books WHERE book_id = 102) ORDER BY LENGTH(name), name;
-- NAME (ordered)
-- 'Stars'
-- 'Ann Byrne'
-- 'Bela Kiss'

-- case: a recursive query over NUMBER and BINARY_DOUBLE
WITH r (n, x) AS (SELECT 1, 1 FROM dual UNION ALL SELECT n + 1, TO_BINARY_DOUBLE(x) / 3 FROM r WHERE n < 3) SELECT x FROM r;
-- unsupported: BINARY_DOUBLE in a recursive WITH
