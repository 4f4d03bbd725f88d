-- case: a third table may have the column of USING, under its own name
SELECT c.x, q, r FROM (SELECT 1 AS x, 2 AS q FROM dual) a JOIN (SELECT 1 AS x, 3 AS r FROM dual) b USING (x) JOIN (SELECT 5 AS x, 7 AS z FROM dual) c ON c.z = 7;
-- X | Q | R
-- 5 | 2 | 3

-- case: then the name alone is of two columns
SELECT x FROM (SELECT 1 AS x FROM dual) a JOIN (SELECT 1 AS x FROM dual) b USING (x), (SELECT 2 AS x FROM dual) c;
-- error: ORA-00918

-- case: a star shows both
SELECT * FROM (SELECT 1 AS x, 2 AS q FROM dual) a JOIN (SELECT 1 AS x, 3 AS r FROM dual) b USING (x) JOIN (SELECT 5 AS x, 7 AS z FROM dual) c ON c.z = 7;
-- X | Q | R | X | Z
-- 1 | 2 | 3 | 5 | 7

-- case: three tables by one column
SELECT * FROM (SELECT 1 AS x, 2 AS q FROM dual) a JOIN (SELECT 1 AS x, 3 AS r FROM dual) b USING (x) LEFT JOIN (SELECT 8 AS x, 7 AS z FROM dual) c USING (x);
-- X | Q | R | Z
-- 1 | 2 | 3 | NULL

-- case: FULL JOIN with USING takes the side that there is
SELECT branch_id, m.name FROM members m FULL JOIN branches b USING (branch_id) WHERE branch_id = 3 OR branch_id IS NULL;
-- BRANCH_ID | NAME
-- 3 | NULL
-- NULL | 'Evan Roe'

-- case: by two columns
SELECT x, y, q FROM (SELECT 1 AS x, 2 AS y FROM dual) JOIN (SELECT 1 AS x, 2 AS y, 5 AS q FROM dual) USING (x, y);
-- X | Y | Q
-- 1 | 2 | 5

-- case: two aliases of one name and a star of it
SELECT x.* FROM (SELECT 1 AS a FROM dual) x, (SELECT 2 AS a FROM dual) x;
-- error: ORA-00918

-- case: an old outer join to an inline view
SELECT m.member_id, v.n FROM members m, (SELECT member_id, COUNT(*) AS n FROM loans GROUP BY member_id) v WHERE m.member_id = v.member_id(+) AND v.n(+) > 1;
-- MEMBER_ID | N
-- 10 | 2
-- 11 | NULL
-- 12 | 3
-- 13 | NULL
-- 14 | NULL

-- case: marks in NOT, BETWEEN, LIKE, IN of one value, and IS NULL
SELECT m.member_id, a.loan_id AS a, b.loan_id AS b, c.loan_id AS c, d.loan_id AS d FROM members m, loans a, loans b, loans c, loans d WHERE m.member_id = a.member_id(+) AND NOT a.note(+) = 'ok' AND m.member_id = b.member_id(+) AND b.fine(+) BETWEEN 1 AND 2 AND m.member_id = c.member_id(+) AND c.note(+) LIKE 'la%' AND c.note(+) IN ('late') AND m.member_id = d.member_id(+) AND d.returned(+) IS NULL AND m.member_id IN (10, 12);
-- MEMBER_ID | A | B | C | D
-- 10 | NULL | NULL | NULL | 2
-- 12 | 5 | 5 | 5 | 6

-- case: a table outer-joined to two others
SELECT m.member_id, b.book_id, l.loan_id FROM members m, books b, loans l WHERE l.member_id(+) = m.member_id AND l.book_id(+) = b.book_id AND m.member_id < 12 AND b.book_id < 102;
-- MEMBER_ID | BOOK_ID | LOAN_ID
-- 10 | 100 | 1
-- 10 | 101 | 2
-- 11 | 100 | 3
-- 11 | 101 | NULL

-- case: an old outer join to a subquery
SELECT 1 FROM members m, loans l WHERE m.member_id = l.member_id(+) AND l.fine(+) = (SELECT MAX(fine) FROM loans);
-- unsupported: to a subquery

-- case: a mark in a list of constants
SELECT m.member_id, l.loan_id FROM members m, loans l WHERE m.member_id = l.member_id(+) AND l.note(+) IN ('late', 'lost') AND m.member_id < 13;
-- MEMBER_ID | LOAN_ID
-- 10 | NULL
-- 11 | 3
-- 12 | 5

-- case: a mark in a list of columns
SELECT m.member_id FROM members m, loans l WHERE l.member_id(+) IN (m.member_id, m.referrer_id);
-- error: ORA-01719

-- case: a mark on one side of OR
SELECT m.member_id FROM members m, loans l WHERE m.member_id = l.member_id(+) AND (l.note(+) = 'ok' OR m.fee > 1);
-- error: ORA-01719

-- case: marks on both sides of OR
SELECT m.member_id FROM members m, loans l WHERE m.member_id = l.member_id(+) AND (l.note(+) = 'ok' OR l.note(+) = 'late');
-- unsupported: OR of conditions

-- case: a mark against a table of the outer block has no effect
SELECT m.member_id, (SELECT COUNT(*) FROM loans l WHERE l.member_id(+) = m.member_id) AS n FROM members m;
-- MEMBER_ID | N
-- 10 | 2
-- 11 | 1
-- 12 | 3
-- 13 | 1
-- 14 | 0

-- case: a mark in the select list
SELECT l.loan_id(+) FROM members m, loans l WHERE m.member_id = l.member_id(+);
-- error: ORA-30563

-- case: a mark in ORDER BY
SELECT l.loan_id FROM members m, loans l WHERE m.member_id = l.member_id(+) ORDER BY l.loan_id(+);
-- error: ORA-30563

-- case: two tables outer-joined to each other
SELECT 1 FROM members m, branches b WHERE m.branch_id(+) = b.branch_id AND b.branch_id(+) = m.branch_id;
-- error: ORA-01416

-- case: a partitioned outer join fills each partition
SELECT l.note, b.book_id, COUNT(l.loan_id) AS n FROM books b LEFT OUTER JOIN loans l PARTITION BY (l.note) ON l.book_id = b.book_id WHERE l.note IN ('ok', 'lost') AND b.book_id > 101 GROUP BY l.note, b.book_id;
-- NOTE | BOOK_ID | N
-- 'ok' | 102 | 2
-- 'ok' | 103 | 0
-- 'ok' | 104 | 0
-- 'lost' | 102 | 0
-- 'lost' | 103 | 0
-- 'lost' | 104 | 1

-- case: a partitioned right join
SELECT m.branch_id, g.genre_id, m.member_id FROM members m PARTITION BY (branch_id) RIGHT OUTER JOIN genres g ON g.genre_id + 9 = m.member_id WHERE g.genre_id < 3;
-- BRANCH_ID | GENRE_ID | MEMBER_ID
-- 1 | 1 | 10
-- 1 | 2 | 11
-- 2 | 1 | NULL
-- 2 | 2 | NULL
-- NULL | 1 | NULL
-- NULL | 2 | NULL

-- case: partitions of an inner join
SELECT 1 FROM members m PARTITION BY (branch_id) JOIN loans l ON l.member_id = m.member_id;
-- unsupported: PARTITION BY in a join

-- case: a row equals a row in two pairs of brackets
SELECT member_id FROM members WHERE (branch_id, fee) = ((1, 30));
-- MEMBER_ID
-- 10

-- case: not in one pair
SELECT member_id FROM members WHERE (branch_id, fee) = (1, 30);
-- error: ORA-00920

-- case: rows have no order
SELECT member_id FROM members WHERE (branch_id, fee) > ((1, 30));
-- error: ORA-00920

-- case: a row against a subquery of several rows
SELECT member_id FROM members WHERE (branch_id, fee) = (SELECT 1, 30 FROM dual UNION ALL SELECT 2, 5 FROM dual);
-- error: ORA-01427

-- case: a row unlike no row is unknown
SELECT COUNT(*) AS n FROM members WHERE (branch_id, fee) <> (SELECT 1, 30 FROM dual WHERE 1 = 0);
-- N
-- 0

-- case: rows with ANY and ALL
SELECT member_id FROM members WHERE (branch_id, fee) = ANY (SELECT branch_id, MAX(fee) FROM members GROUP BY branch_id) AND (branch_id, fee) <> ALL ((1, 29), (3, 30));
-- MEMBER_ID
-- 10
-- 12

-- case: NOT IN of rows with NULL
SELECT member_id FROM members WHERE (branch_id, fee) NOT IN (SELECT 2, 5 FROM dual UNION ALL SELECT 1, NULL FROM dual);
-- MEMBER_ID
-- 12

-- case: IN of rows of a correlated subquery
SELECT member_id FROM members m WHERE (branch_id, fee) IN (SELECT x.branch_id, MAX(x.fee) FROM members x WHERE x.member_id >= m.member_id GROUP BY x.branch_id);
-- MEMBER_ID
-- 10
-- 11
-- 12

-- case: ALL and ANY over NULL
SELECT (SELECT COUNT(*) FROM members WHERE fee > ALL (SELECT NULL FROM dual)) AS a, (SELECT COUNT(*) FROM members WHERE NOT fee > ANY (SELECT NULL FROM dual)) AS b, (SELECT COUNT(*) FROM members WHERE fee > ALL (SELECT NULL FROM dual WHERE 1 = 0)) AS c FROM dual;
-- A | B | C
-- 0 | 0 | 5

-- case: NOT IN with NULL in the list of a correlated subquery
SELECT member_id FROM members m WHERE fee NOT IN (SELECT fine FROM loans l WHERE l.member_id = m.member_id);
-- MEMBER_ID
-- 11
-- 14

-- case: a table of DUAL's owner
SELECT dummy FROM sys.dual;
-- DUMMY
-- 'X'

-- case: a table of an owner that the DDL does not name
SELECT fee FROM lib.members;
-- error: ORA-00942

-- case: a column with an owner that the DDL does not name
SELECT lib.members.fee FROM members;
-- error: ORA-00904

-- case: a star behind a value
SELECT 1, * FROM members;
-- error: ORA-00936

-- case: NATURAL JOIN takes no condition
SELECT COUNT(*) AS n FROM loans NATURAL JOIN members ON 1 = 1;
-- error: ORA-00933

-- case: USING takes names of columns only
SELECT COUNT(*) AS n FROM loans l JOIN members m USING (l.member_id);
-- error: ORA-01748

-- case: all columns of two tables with one alias
SELECT * FROM loans x, members x;
-- error: ORA-00918

-- case: two tables with one alias that share no name
SELECT * FROM (SELECT 1 AS a FROM dual) x, (SELECT 2 AS b FROM dual) x;
-- A | B
-- 1 | 2
