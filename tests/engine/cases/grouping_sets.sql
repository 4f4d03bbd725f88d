-- case: ROLLUP keeps the NULL of a key apart from the total
SELECT note, COUNT(*) AS n, SUM(fine) AS s, GROUPING(note) AS g FROM loans GROUP BY ROLLUP(note) ORDER BY g, note;
-- NOTE | N | S | G (ordered)
-- 'late' | 2 | 5.75 | 0
-- 'lost' | 1 | 2 | 0
-- 'ok' | 3 | 0 | 0
-- NULL | 2 | NULL | 0
-- NULL | 8 | 7.75 | 1

-- case: ROLLUP of two columns
SELECT member_id, note, COUNT(*) AS n FROM loans WHERE member_id < 12 GROUP BY ROLLUP(member_id, note);
-- MEMBER_ID | NOTE | N
-- 10 | 'ok' | 1
-- 10 | NULL | 1
-- 11 | 'late' | 1
-- 10 | NULL | 2
-- 11 | NULL | 1
-- NULL | NULL | 3

-- case: CUBE and the bits of GROUPING_ID
SELECT member_id, note, COUNT(*) AS n, GROUPING_ID(member_id, note) AS g, GROUPING_ID(note, member_id) AS h FROM loans WHERE member_id < 12 GROUP BY CUBE(member_id, note);
-- MEMBER_ID | NOTE | N | G | H
-- 10 | 'ok' | 1 | 0 | 0
-- 10 | NULL | 1 | 0 | 0
-- 11 | 'late' | 1 | 0 | 0
-- 10 | NULL | 2 | 1 | 2
-- 11 | NULL | 1 | 1 | 2
-- NULL | 'late' | 1 | 2 | 1
-- NULL | 'ok' | 1 | 2 | 1
-- NULL | NULL | 1 | 2 | 1
-- NULL | NULL | 3 | 3 | 3

-- case: GROUPING SETS without a total
SELECT note, member_id, COUNT(*) AS n FROM loans WHERE loan_id < 3 GROUP BY GROUPING SETS (note, (member_id));
-- NOTE | MEMBER_ID | N
-- 'ok' | NULL | 1
-- NULL | NULL | 1
-- NULL | 10 | 2

-- case: a composite column is rolled up as one
SELECT note, member_id, book_id, COUNT(*) AS n FROM loans WHERE loan_id IN (3, 4) GROUP BY ROLLUP(note, (member_id, book_id));
-- NOTE | MEMBER_ID | BOOK_ID | N
-- 'late' | 11 | 100 | 1
-- 'late' | NULL | NULL | 1
-- 'ok' | 12 | 102 | 1
-- 'ok' | NULL | NULL | 1
-- NULL | NULL | NULL | 2

-- case: a partial rollup has no grand total
SELECT member_id, note, COUNT(*) AS n FROM loans WHERE loan_id IN (3, 4) GROUP BY member_id, ROLLUP(note);
-- MEMBER_ID | NOTE | N
-- 11 | 'late' | 1
-- 11 | NULL | 1
-- 12 | 'ok' | 1
-- 12 | NULL | 1

-- case: concatenated rollups multiply
SELECT note, member_id, COUNT(*) AS n FROM loans WHERE loan_id IN (3, 4) GROUP BY ROLLUP(note), ROLLUP(member_id);
-- NOTE | MEMBER_ID | N
-- 'late' | 11 | 1
-- 'ok' | 12 | 1
-- 'late' | NULL | 1
-- 'ok' | NULL | 1
-- NULL | 11 | 1
-- NULL | 12 | 1
-- NULL | NULL | 2

-- case: ROLLUP inside of GROUPING SETS
SELECT note, member_id, COUNT(*) AS n FROM loans WHERE loan_id IN (3, 4) GROUP BY GROUPING SETS (note, ROLLUP(member_id), ());
-- NOTE | MEMBER_ID | N
-- 'late' | NULL | 1
-- 'ok' | NULL | 1
-- NULL | 11 | 1
-- NULL | 12 | 1
-- NULL | NULL | 2
-- NULL | NULL | 2

-- case: GROUP_ID numbers a repeated set
SELECT note, COUNT(*) AS n, GROUP_ID() AS g FROM loans WHERE loan_id IN (3, 4) GROUP BY GROUPING SETS (note, note, ());
-- NOTE | N | G
-- 'late' | 1 | 0
-- 'ok' | 1 | 0
-- 'late' | 1 | 1
-- 'ok' | 1 | 1
-- NULL | 2 | 0

-- case: HAVING GROUP_ID leaves one copy
SELECT note, member_id, COUNT(*) AS n FROM loans WHERE loan_id IN (3, 4) GROUP BY note, ROLLUP(note, member_id) HAVING GROUP_ID() = 0;
-- NOTE | MEMBER_ID | N
-- 'late' | 11 | 1
-- 'ok' | 12 | 1
-- 'late' | NULL | 1
-- 'ok' | NULL | 1

-- case: GROUP_ID without repeated sets
SELECT note, GROUP_ID() AS g FROM loans WHERE loan_id = 3 GROUP BY ROLLUP(note);
-- NOTE | G
-- 'late' | 0
-- NULL | 0

-- case: labels for the totals
SELECT DECODE(GROUPING(note), 1, 'all', NVL(note, 'none')) AS label, COUNT(*) AS n FROM loans GROUP BY ROLLUP(note) ORDER BY GROUPING(note), label;
-- LABEL | N (ordered)
-- 'late' | 2
-- 'lost' | 1
-- 'none' | 2
-- 'ok' | 3
-- 'all' | 8

-- case: HAVING over GROUPING
SELECT note, SUM(fine) AS s FROM loans GROUP BY ROLLUP(note) HAVING GROUPING(note) = 1 OR SUM(fine) > 1;
-- NOTE | S
-- 'late' | 5.75
-- 'lost' | 2
-- NULL | 7.75

-- case: a condition on a key also sees the totals
SELECT note, COUNT(*) AS n FROM loans GROUP BY CUBE(note) HAVING note IS NULL;
-- NOTE | N
-- NULL | 2
-- NULL | 8

-- case: an aggregate of a key takes its own values
SELECT member_id, SUM(member_id) AS s, COUNT(member_id) AS c FROM loans WHERE loan_id < 4 GROUP BY ROLLUP(member_id);
-- MEMBER_ID | S | C
-- 10 | 20 | 2
-- 11 | 11 | 1
-- NULL | 31 | 3

-- case: keys that are expressions
SELECT EXTRACT(MONTH FROM taken) AS m, COUNT(*) AS n, GROUPING(EXTRACT(MONTH FROM taken)) AS g FROM loans WHERE loan_id < 5 GROUP BY ROLLUP(EXTRACT(MONTH FROM taken));
-- M | N | G
-- 1 | 2 | 0
-- 2 | 2 | 0
-- NULL | 4 | 1

-- case: a constant key is NULL in the other sets
SELECT note, 0 AS z, NVL2(note, 1, 0) AS v, COUNT(*) AS n FROM loans WHERE loan_id IN (2, 3) GROUP BY GROUPING SETS (note, 0);
-- NOTE | Z | V | N
-- 'late' | NULL | 1 | 1
-- NULL | NULL | NULL | 1
-- NULL | 0 | 0 | 2

-- case: ranks within each level
SELECT note, RANK() OVER (PARTITION BY GROUPING(note) ORDER BY COUNT(*) DESC, note) AS r FROM loans GROUP BY ROLLUP(note);
-- NOTE | R
-- 'ok' | 1
-- 'late' | 2
-- NULL | 3
-- 'lost' | 4
-- NULL | 1

-- case: totals of a joined table
SELECT b.name AS branch, m.name AS member, COUNT(*) AS n FROM members m JOIN branches b ON b.branch_id = m.branch_id GROUP BY ROLLUP(b.name, m.name) HAVING GROUPING(m.name) = 1;
-- BRANCH | MEMBER | N
-- 'Central' | NULL | 2
-- 'Harbour' | NULL | 2
-- NULL | NULL | 4

-- case: the most of the totals
SELECT MAX(SUM(fine)) AS m, COUNT(*) AS n FROM loans GROUP BY ROLLUP(note);
-- M | N
-- 7.75 | 5

-- case: GROUPING in a plain GROUP BY
SELECT note, GROUPING(note) AS g, GROUPING_ID(note) AS i, GROUP_ID() AS d FROM loans WHERE note = 'lost' GROUP BY note;
-- NOTE | G | I | D
-- 'lost' | 0 | 0 | 0

-- case: an empty GROUP BY
SELECT COUNT(*) AS n FROM loans GROUP BY ();
-- N
-- 8

-- case: an empty GROUP BY has no group where there is no row
SELECT COUNT(*) AS n FROM loans WHERE 1 = 0 GROUP BY ();
-- N

-- case: sets without a total make no groups of no rows
SELECT note, COUNT(*) AS n FROM loans WHERE 1 = 0 GROUP BY GROUPING SETS (note, member_id);
-- NOTE | N

-- case: a total of no rows
SELECT note, COUNT(*) AS n FROM loans WHERE 1 = 0 GROUP BY ROLLUP(note);
-- unsupported: over no rows

-- case: a level of an inline view
SELECT v.g, COUNT(*) AS n FROM (SELECT note, GROUPING(note) AS g FROM loans GROUP BY ROLLUP(note)) v GROUP BY v.g;
-- G | N
-- 0 | 4
-- 1 | 1

-- case: GROUPING without GROUP BY
SELECT GROUPING(note) FROM loans;
-- error: ORA-30481

-- case: GROUPING of what is no key
SELECT GROUPING(member_id) FROM loans GROUP BY ROLLUP(note);
-- error: ORA-00979

-- case: GROUPING takes one key
SELECT GROUPING(note, member_id) FROM loans GROUP BY ROLLUP(note, member_id);
-- error: ORA-00909

-- case: an alias hides the key in ORDER BY GROUPING
SELECT DECODE(GROUPING(note), 1, 'all', note) AS note FROM loans GROUP BY ROLLUP(note) ORDER BY GROUPING(note);
-- error: ORA-00979

-- case: GROUPING in WHERE
SELECT COUNT(*) FROM loans WHERE GROUPING(note) = 0 GROUP BY note;
-- error: ORA-00934

-- case: a column outside of the grouping sets
SELECT note, member_id FROM loans GROUP BY ROLLUP(note);
-- error: ORA-00979

-- case: a group function in ROLLUP
SELECT COUNT(*) FROM loans GROUP BY ROLLUP(COUNT(*));
-- error: ORA-00934

-- case: a subquery in GROUP BY
SELECT COUNT(*) FROM loans GROUP BY (SELECT 1 FROM DUAL);
-- error: ORA-22818

-- case: a lone column in HAVING
SELECT COUNT(*) FROM loans HAVING note = 'ok';
-- error: ORA-00979

-- case: a constant in GROUP BY
SELECT ROUND(SUM(fine), 1) AS s FROM loans GROUP BY 1;
-- S
-- 7.8

-- case: a constant in GROUP BY makes no group of no rows
SELECT COUNT(*) AS n FROM loans WHERE 1 = 0 GROUP BY 'x';
-- N

-- case: a correlated subquery over a key
SELECT l.book_id, (SELECT MAX(b.title) FROM books b WHERE b.book_id = l.book_id) AS t FROM loans l WHERE l.note = 'ok' GROUP BY l.book_id;
-- BOOK_ID | T
-- 100 | 'Low Tide'
-- 102 | 'Stars'

-- case: a correlated subquery over what is no key
SELECT l.note, (SELECT MAX(b.title) FROM books b WHERE b.book_id = l.book_id) AS t FROM loans l GROUP BY l.note;
-- error: ORA-00979

-- case: another order of operands is another expression
SELECT 2 * fine FROM loans GROUP BY fine * 2;
-- error: ORA-00979

-- case: an expression over a key in HAVING
SELECT fine * 2 AS d FROM loans GROUP BY fine HAVING fine * 2 > 3;
-- D
-- 9
-- 4

-- case: sorted by what is no key
SELECT note FROM loans GROUP BY note ORDER BY fine;
-- error: ORA-00979

-- case: too many grouping sets
SELECT COUNT(*) FROM loans GROUP BY CUBE(loan_id, member_id, book_id, taken, returned, fine), CUBE(note, loan_id + 1, loan_id + 2, loan_id + 3, loan_id + 4);
-- unsupported: 1024 grouping sets

-- case: WITH ROLLUP is of another dialect
SELECT note, COUNT(*) FROM loans GROUP BY note WITH ROLLUP;
-- error: ORA-00933

-- case: GROUP BY DISTINCT is of another dialect
SELECT note, COUNT(*) FROM loans GROUP BY DISTINCT note;
-- error: ORA-00936

-- case: GROUP BY nothing
SELECT note FROM loans GROUP BY;
-- error: ORA-00936

-- case: ROLLUP of nothing
SELECT COUNT(*) FROM loans GROUP BY ROLLUP();
-- error: ORA-00936

-- case: 256 grouping sets are not too many
SELECT COUNT(*) AS n FROM (SELECT 1 AS x FROM loans WHERE loan_id = 1 GROUP BY CUBE(loan_id, member_id, book_id, taken, returned, fine, note, loan_id + 1));
-- N
-- 256
