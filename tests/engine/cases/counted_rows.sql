-- case: a row that does not pass leaves its number to the next
SELECT ROWNUM AS r, loan_id FROM (SELECT loan_id FROM loans ORDER BY loan_id) WHERE ROWNUM = 1 OR loan_id > 6;
-- R | LOAN_ID
-- 1 | 1
-- 2 | 7
-- 3 | 8

-- case: compared with a column
SELECT ROWNUM AS r, loan_id FROM (SELECT loan_id FROM loans ORDER BY loan_id) WHERE ROWNUM < loan_id AND loan_id <> 4;
-- R | LOAN_ID
-- 1 | 2
-- 2 | 3
-- 3 | 5
-- 4 | 6
-- 5 | 7
-- 6 | 8

-- case: a number that nobody may take
SELECT ROWNUM AS r, loan_id FROM loans WHERE MOD(ROWNUM, 2) = 1;
-- R | LOAN_ID
-- 1 | 1

-- case: a list of numbers ends at its first gap
SELECT COUNT(*) AS n FROM loans WHERE ROWNUM IN (1, 2, 5);
-- N
-- 2

-- case: NOT
SELECT COUNT(*) AS n FROM loans WHERE NOT (ROWNUM > 3) AND NOT ROWNUM = 7;
-- N
-- 3

-- case: OR of two bounds
SELECT COUNT(*) AS n FROM loans WHERE ROWNUM <= 2 OR ROWNUM = 4;
-- N
-- 2

-- case: compared with a subquery
SELECT COUNT(*) AS n FROM loans WHERE ROWNUM <= (SELECT COUNT(*) FROM branches) AND loan_id > 2;
-- N
-- 3

-- case: compared with a column of the outer block
SELECT m.member_id, (SELECT COUNT(*) FROM loans l WHERE l.member_id = m.member_id AND ROWNUM <= m.branch_id) AS n FROM members m;
-- MEMBER_ID | N
-- 10 | 1
-- 11 | 1
-- 12 | 2
-- 13 | 1
-- 14 | 0

-- case: inside of an expression
SELECT COUNT(*) AS n FROM loans WHERE ROWNUM + 1 <= 3 AND CASE WHEN ROWNUM < 9 THEN 1 END = 1;
-- N
-- 2

-- case: compared with text and with NULL
SELECT (SELECT COUNT(*) FROM loans WHERE ROWNUM <= '3') AS a, (SELECT COUNT(*) FROM loans WHERE ROWNUM <= NULL) AS b FROM dual;
-- A | B
-- 3 | 0

-- case: one value for each row
SELECT loan_id FROM (SELECT loan_id FROM loans ORDER BY loan_id DESC) WHERE ROWNUM = CASE WHEN loan_id = 8 THEN 1 WHEN loan_id IN (3, 5) THEN 2 ELSE 0 END;
-- LOAN_ID
-- 8
-- 5

-- case: grouped afterwards
SELECT note, COUNT(*) AS n FROM (SELECT * FROM loans ORDER BY loan_id) WHERE ROWNUM <= 2 OR note = 'late' GROUP BY note;
-- NOTE | N
-- 'ok' | 1
-- 'late' | 2
-- NULL | 1

-- case: ROWNUM that is no key of the groups
SELECT ROWNUM, note FROM loans GROUP BY note;
-- error: ORA-00979

-- case: ORDER BY ROWNUM
SELECT loan_id FROM (SELECT loan_id FROM loans ORDER BY loan_id) WHERE ROWNUM < 4 ORDER BY ROWNUM DESC;
-- LOAN_ID (ordered)
-- 3
-- 2
-- 1

-- case: FETCH of an expression
SELECT loan_id FROM loans ORDER BY loan_id FETCH FIRST 1 + 1 ROWS ONLY;
-- LOAN_ID (ordered)
-- 1
-- 2

-- case: FETCH of a subquery behind OFFSET of one
SELECT loan_id FROM loans ORDER BY loan_id OFFSET (SELECT MAX(branch_id) FROM branches) ROWS FETCH NEXT (SELECT COUNT(*) FROM ring) - 1 ROWS ONLY;
-- LOAN_ID (ordered)
-- 4
-- 5

-- case: FETCH of fractions cuts them off
SELECT loan_id FROM loans ORDER BY loan_id OFFSET 2.7 ROWS FETCH FIRST 1.9 ROWS ONLY;
-- LOAN_ID (ordered)
-- 3

-- case: FETCH of a negative number or of NULL
SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM loans FETCH FIRST -2 ROWS ONLY)) AS a, (SELECT COUNT(*) FROM (SELECT 1 FROM loans FETCH FIRST NULL ROWS ONLY)) AS b FROM dual;
-- A | B
-- 0 | 0

-- case: OFFSET of a negative number, and of NULL
SELECT (SELECT COUNT(*) FROM (SELECT 1 FROM loans OFFSET -2 ROWS)) AS a, (SELECT COUNT(*) FROM (SELECT 1 FROM loans OFFSET NULL ROWS)) AS b FROM dual;
-- A | B
-- 8 | 0

-- case: a percentage that is computed
SELECT loan_id FROM loans ORDER BY loan_id FETCH FIRST (SELECT 30 FROM dual) PERCENT ROWS ONLY;
-- LOAN_ID (ordered)
-- 1
-- 2
-- 3

-- case: a percentage behind OFFSET is one of all rows
SELECT loan_id FROM loans ORDER BY loan_id OFFSET 1 ROW FETCH FIRST 25 PERCENT ROWS ONLY;
-- LOAN_ID (ordered)
-- 2
-- 3

-- case: OFFSET and WITH TIES where rows tie across the offset
SELECT loan_id FROM loans ORDER BY note OFFSET 4 ROWS FETCH FIRST 1 ROW WITH TIES;
-- unsupported: WITH TIES

-- case: OFFSET and WITH TIES where the offset ends between two groups
SELECT loan_id FROM loans ORDER BY note OFFSET 2 ROWS FETCH FIRST 2 ROWS WITH TIES;
-- LOAN_ID
-- 8
-- 1
-- 4
-- 7

-- case: two columns of one name with FETCH
SELECT m.name, b.name FROM members m JOIN branches b ON b.branch_id = m.branch_id FETCH FIRST 1 ROW ONLY;
-- error: ORA-00918

-- case: a subquery in ORDER BY with FETCH
SELECT loan_id FROM loans l ORDER BY (SELECT b.price FROM books b WHERE b.book_id = l.book_id) FETCH FIRST 1 ROW ONLY;
-- unsupported: a subquery in ORDER BY

-- case: a bind variable in FETCH
SELECT loan_id FROM loans FETCH FIRST :n ROWS ONLY;
-- error: ORA-01008
