-- case: the first rows of an ordered view
SELECT title FROM (SELECT title FROM books ORDER BY price DESC NULLS LAST, title) WHERE ROWNUM <= 2;
-- TITLE (ordered)
-- 'Stars'
-- 'Night Rain'

-- case: ROWNUM comes before ORDER BY
SELECT ROWNUM AS r, genre_id FROM (SELECT genre_id FROM genres WHERE genre_id < 4 ORDER BY genre_id) ORDER BY genre_id DESC;
-- R | GENRE_ID (ordered)
-- 3 | 3
-- 2 | 2
-- 1 | 1

-- case: the first rows that are found, then sorted
SELECT genre_id FROM genres WHERE ROWNUM <= 3 ORDER BY genre_id DESC;
-- GENRE_ID (ordered)
-- 3
-- 2
-- 1

-- case: ROWNUM counts the rows that pass the other conditions
SELECT ROWNUM AS r, loan_id FROM loans WHERE note = 'ok' AND ROWNUM < 3;
-- R | LOAN_ID
-- 1 | 1
-- 2 | 4

-- case: the first row
SELECT loan_id FROM loans WHERE ROWNUM = 1;
-- LOAN_ID
-- 1

-- case: there is no second row without a first
SELECT loan_id FROM loans WHERE ROWNUM = 2 OR loan_id < 0;
-- LOAN_ID

-- case: nothing is beyond the first row
SELECT loan_id FROM loans WHERE ROWNUM > 1;
-- LOAN_ID

-- case: ROWNUM >= 1 lets everything through
SELECT COUNT(*) AS n FROM loans WHERE ROWNUM >= 1 AND 4 >= ROWNUM;
-- N
-- 4

-- case: ROWNUM BETWEEN
SELECT COUNT(*) AS n FROM loans WHERE ROWNUM BETWEEN 1 AND 3 AND fine IS NOT NULL;
-- N
-- 3

-- case: ROWNUM <> n stops before n
SELECT COUNT(*) AS n FROM loans WHERE ROWNUM <> 4;
-- N
-- 3

-- case: a page of rows
SELECT r, loan_id FROM (SELECT ROWNUM AS r, v.* FROM (SELECT loan_id FROM loans ORDER BY taken DESC) v WHERE ROWNUM <= 5) WHERE r > 3;
-- R | LOAN_ID (ordered)
-- 4 | 5
-- 5 | 4

-- case: groups over the first rows
SELECT member_id, COUNT(*) AS n FROM loans WHERE ROWNUM <= 4 GROUP BY member_id;
-- MEMBER_ID | N
-- 10 | 2
-- 11 | 1
-- 12 | 1

-- case: ROWNUM inside aggregates
SELECT MAX(ROWNUM) AS m, SUM(ROWNUM) AS s FROM loans WHERE member_id = 12;
-- M | S
-- 3 | 6

-- case: FETCH
SELECT loan_id FROM loans ORDER BY fine DESC NULLS LAST, loan_id FETCH FIRST 2 ROWS ONLY;
-- LOAN_ID (ordered)
-- 3
-- 8

-- case: NULLs come first in descending order
SELECT loan_id FROM loans ORDER BY fine DESC, loan_id FETCH NEXT 3 ROWS ONLY;
-- LOAN_ID (ordered)
-- 2
-- 6
-- 3

-- case: OFFSET
SELECT loan_id FROM loans ORDER BY loan_id OFFSET 6 ROWS;
-- LOAN_ID (ordered)
-- 7
-- 8

-- case: OFFSET and FETCH
SELECT loan_id FROM loans ORDER BY loan_id DESC OFFSET 1 ROW FETCH NEXT 2 ROWS ONLY;
-- LOAN_ID (ordered)
-- 7
-- 6

-- case: WITH TIES keeps equal rows
SELECT book_id, price FROM books ORDER BY price FETCH FIRST 2 ROWS WITH TIES;
-- BOOK_ID | PRICE
-- 100 | 9.99
-- 101 | 14.5
-- 103 | 14.5

-- case: WITH TIES by an expression
SELECT book_id FROM books WHERE price IS NOT NULL ORDER BY FLOOR(price / 10) DESC FETCH FIRST 2 ROWS WITH TIES;
-- BOOK_ID
-- 102
-- 101
-- 103

-- case: a percentage is rounded up
SELECT loan_id FROM loans ORDER BY loan_id FETCH FIRST 30 PERCENT ROWS ONLY;
-- LOAN_ID (ordered)
-- 1
-- 2
-- 3

-- case: one row
SELECT loan_id FROM loans ORDER BY loan_id DESC FETCH FIRST ROW ONLY;
-- LOAN_ID (ordered)
-- 8

-- case: FETCH in a subquery
SELECT name FROM members WHERE member_id = (SELECT member_id FROM loans WHERE member_id IS NOT NULL ORDER BY fine DESC NULLS LAST FETCH FIRST 1 ROW ONLY);
-- NAME
-- 'Bela Kiss'

-- case: FETCH of distinct groups
SELECT DISTINCT note FROM loans WHERE note IS NOT NULL ORDER BY note FETCH FIRST 2 ROWS ONLY;
-- NOTE (ordered)
-- 'late'
-- 'lost'

-- case: NULLs come last in ascending order
SELECT book_id, genre_id FROM books ORDER BY genre_id, book_id;
-- BOOK_ID | GENRE_ID (ordered)
-- 102 | 3
-- 100 | 4
-- 103 | 5
-- 101 | 6
-- 104 | NULL

-- case: NULLS FIRST
SELECT book_id FROM books ORDER BY genre_id NULLS FIRST FETCH FIRST 1 ROW ONLY;
-- BOOK_ID (ordered)
-- 104

-- case: order by position, alias and expression
SELECT book_id AS id, price * 2 AS twice FROM books WHERE price IS NOT NULL ORDER BY 2 DESC, -id;
-- ID | TWICE (ordered)
-- 102 | 80
-- 103 | 29
-- 101 | 29
-- 100 | 19.98

-- case: order by a column that is not selected
SELECT title FROM books WHERE published IS NOT NULL ORDER BY published DESC;
-- TITLE (ordered)
-- 'Zero'
-- 'Stars'
-- 'Night Rain'
-- 'Low Tide'

-- case: order is by bytes
SELECT x FROM (SELECT 'b' AS x FROM dual UNION ALL SELECT 'B' FROM dual UNION ALL SELECT 'á' FROM dual UNION ALL SELECT 'z' FROM dual) ORDER BY x;
-- X (ordered)
-- 'B'
-- 'b'
-- 'z'
-- 'á'

-- case: a position that does not exist
SELECT book_id FROM books ORDER BY 2;
-- error: ORA-01785

-- case: DISTINCT is sorted by what it selects
SELECT DISTINCT note FROM loans ORDER BY loan_id;
-- error: ORA-01791

-- case: LIMIT is another dialect
SELECT book_id FROM books LIMIT 3;
-- error: ORA-00933

-- case: TOP is another dialect
SELECT TOP 3 book_id FROM books;
-- error: ORA-00923

-- case: UNION removes duplicates, UNION ALL does not
SELECT note FROM loans WHERE loan_id <= 4 UNION SELECT 'late' FROM dual UNION ALL SELECT 'late' FROM dual ORDER BY note;
-- NOTE (ordered)
-- 'late'
-- 'late'
-- 'ok'
-- NULL

-- case: set operators run from left to right
SELECT 1 AS n FROM dual UNION SELECT 2 FROM dual INTERSECT SELECT 2 FROM dual MINUS SELECT 3 FROM dual;
-- N
-- 2

-- case: NULLs are equal to set operators
SELECT branch_id FROM members INTERSECT SELECT parent_id FROM genres ORDER BY 1;
-- BRANCH_ID (ordered)
-- 1
-- 2
-- NULL

-- case: MINUS
SELECT member_id FROM members MINUS SELECT member_id FROM loans;
-- MEMBER_ID
-- 14

-- case: the first branch gives the names, ORDER BY may use them
SELECT name AS who, fee AS amount FROM members WHERE member_id = 10 UNION ALL SELECT title, price FROM books WHERE book_id = 100 ORDER BY amount DESC;
-- WHO | AMOUNT (ordered)
-- 'Ann Byrne' | 30
-- 'Low Tide' | 9.99

-- case: branches with different numbers of columns
SELECT name, fee FROM members UNION SELECT title FROM books;
-- error: ORA-01789

-- case: branches with different types
SELECT name FROM members UNION SELECT price FROM books;
-- error: ORA-01790

-- case: NULL in the first two branches of three
SELECT NULL AS a FROM dual UNION ALL SELECT NULL FROM dual UNION ALL SELECT 1 FROM dual;
-- unsupported: first two branches are NULL

-- case: NULL fits any branch
SELECT NULL AS a, 1 AS b FROM dual UNION ALL SELECT SYSDATE, NULL FROM dual ORDER BY a NULLS FIRST;
-- A | B (ordered)
-- NULL | 1
-- 2026-03-15 14:30:00 | NULL

-- case: a branch in brackets has its own order
(SELECT book_id FROM books ORDER BY price FETCH FIRST 1 ROW ONLY) UNION ALL (SELECT genre_id FROM genres WHERE genre_id = 1);
-- BOOK_ID
-- 100
-- 1

-- case: a branch without brackets may not be sorted
SELECT book_id FROM books ORDER BY book_id UNION SELECT genre_id FROM genres;
-- error: ORA-00933
