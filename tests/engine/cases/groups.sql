-- case: aggregates leave NULL out
SELECT COUNT(*) AS n, COUNT(fine) AS c, SUM(fine) AS s, AVG(fine) AS a, MIN(fine) AS lo, MAX(fine) AS hi, COUNT(DISTINCT fine) AS d, SUM(DISTINCT fine) AS sd FROM loans;
-- N | C | S | A | LO | HI | D | SD
-- 8 | 6 | 7.75 | 1.2916666667 | 0 | 4.5 | 4 | 7.75

-- case: aggregates of nothing
SELECT COUNT(*) AS n, SUM(fine) AS s, AVG(fine) AS a, MAX(note) AS m, LISTAGG(note, ',') WITHIN GROUP (ORDER BY note) AS l FROM loans WHERE 1 = 0;
-- N | S | A | M | L
-- 0 | NULL | NULL | NULL | NULL

-- case: no rows make no groups
SELECT note, COUNT(*) FROM loans WHERE 1 = 0 GROUP BY note;
-- NOTE | COUNT(*)

-- case: NULL and '' are one group
SELECT note, COUNT(*) AS n FROM loans GROUP BY note ORDER BY n DESC, note;
-- NOTE | N (ordered)
-- 'ok' | 3
-- 'late' | 2
-- NULL | 2
-- 'lost' | 1

-- case: HAVING
SELECT member_id, SUM(fine) AS s FROM loans GROUP BY member_id HAVING COUNT(*) > 1 AND MAX(taken) < DATE '2024-04-01' ORDER BY 1;
-- MEMBER_ID | S (ordered)
-- 10 | 0
-- 12 | 1.25

-- case: HAVING before GROUP BY, and without it
SELECT COUNT(*) AS n FROM loans HAVING SUM(fine) > 7;
-- N
-- 8

-- case: grouped by an expression
SELECT EXTRACT(MONTH FROM taken) AS m, COUNT(*) * 10 AS n, NVL(MAX(note), '-') AS x FROM loans GROUP BY EXTRACT(MONTH FROM taken) HAVING EXTRACT(MONTH FROM taken) < 3;
-- M | N | X
-- 1 | 20 | 'ok'
-- 2 | 20 | 'ok'

-- case: an expression over a key and an aggregate
SELECT UPPER(note) || COUNT(*) AS t FROM loans WHERE note IS NOT NULL GROUP BY note;
-- T
-- 'OK3'
-- 'LATE2'
-- 'LOST1'

-- case: keys may be named with their table or without
SELECT b.name, COUNT(*) AS n FROM members m JOIN branches b ON b.branch_id = m.branch_id GROUP BY b.name, b.branch_id ORDER BY b.branch_id;
-- NAME | N (ordered)
-- 'Central' | 2
-- 'Harbour' | 2

-- case: a column that is no key
SELECT member_id, note, COUNT(*) FROM loans GROUP BY member_id;
-- error: ORA-00979

-- case: a column beside an aggregate
SELECT note, COUNT(*) FROM loans;
-- error: ORA-00937

-- case: a number in GROUP BY is no position
SELECT note, COUNT(*) FROM loans GROUP BY 1;
-- error: ORA-00979

-- case: an alias in GROUP BY is not known
SELECT SUBSTR(note, 1, 1) AS s, COUNT(*) FROM loans GROUP BY s;
-- error: ORA-00904

-- case: an aggregate in WHERE
SELECT member_id FROM loans WHERE COUNT(*) > 1 GROUP BY member_id;
-- error: ORA-00934

-- case: aggregates of aggregates
SELECT MAX(COUNT(*)) AS m, COUNT(SUM(fine)) AS c, AVG(COUNT(*)) AS a FROM loans GROUP BY member_id;
-- M | C | A
-- 3 | 5 | 1.6

-- case: aggregates of aggregates need groups
SELECT MAX(COUNT(*)) FROM loans;
-- error: ORA-00978

-- case: spread of one value and of several
SELECT STDDEV(fee) AS a, VARIANCE(fee) AS b, STDDEV_SAMP(fee) AS c, VAR_POP(fee) AS d FROM members WHERE member_id = 10;
-- A | B | C | D
-- 0 | 0 | NULL | 0

-- case: spread of several values
SELECT VARIANCE(fee) AS v, ROUND(STDDEV(fee), 6) AS s, VAR_POP(fee) AS p FROM members;
-- V | S | P
-- 152.0833333333 | 12.332207 | 114.0625

-- case: the median lies between
SELECT MEDIAN(fine) AS a, MEDIAN(price) AS b, MEDIAN(fee) AS c FROM loans, books, members WHERE books.book_id = 100 + loans.loan_id - loans.loan_id AND members.member_id = 11;
-- A | B | C
-- 0.625 | 9.99 | 12.5

-- case: LISTAGG
SELECT member_id, LISTAGG(loan_id, ', ') WITHIN GROUP (ORDER BY taken DESC) AS l FROM loans WHERE member_id >= 11 GROUP BY member_id;
-- MEMBER_ID | L
-- 11 | '3'
-- 12 | '6, 5, 4'
-- 13 | '7'

-- case: LISTAGG leaves NULL out and needs no separator
SELECT LISTAGG(note) WITHIN GROUP (ORDER BY loan_id) AS a, LISTAGG(DISTINCT note, '/') WITHIN GROUP (ORDER BY note) AS b FROM loans;
-- A | B
-- 'oklateoklateoklost' | 'late/lost/ok'

-- case: KEEP
SELECT MAX(fee) KEEP (DENSE_RANK FIRST ORDER BY joined) AS a, MIN(fee) KEEP (DENSE_RANK LAST ORDER BY fee NULLS FIRST) AS b, COUNT(*) KEEP (DENSE_RANK FIRST ORDER BY branch_id) AS c, SUM(fee) KEEP (DENSE_RANK FIRST ORDER BY branch_id) AS d FROM members;
-- A | B | C | D
-- 30 | 30 | 2 | 42.5

-- case: KEEP in groups
SELECT member_id, MAX(note) KEEP (DENSE_RANK LAST ORDER BY taken) AS last_note FROM loans WHERE member_id IN (10, 11) GROUP BY member_id;
-- MEMBER_ID | LAST_NOTE
-- 10 | NULL
-- 11 | 'late'

-- case: row numbers and ranks
SELECT book_id, ROW_NUMBER() OVER (ORDER BY price, book_id) AS rn, RANK() OVER (ORDER BY price) AS r, DENSE_RANK() OVER (ORDER BY price DESC) AS d FROM books;
-- BOOK_ID | RN | R | D
-- 100 | 1 | 1 | 4
-- 101 | 2 | 2 | 3
-- 103 | 3 | 2 | 3
-- 102 | 4 | 4 | 2
-- 104 | 5 | 5 | 1

-- case: neighbours
SELECT loan_id, LAG(loan_id) OVER (PARTITION BY member_id ORDER BY taken) AS p, LEAD(fine, 1, -1) OVER (PARTITION BY member_id ORDER BY taken) AS n FROM loans WHERE member_id = 12;
-- LOAN_ID | P | N
-- 4 | NULL | 1.25
-- 5 | 4 | NULL
-- 6 | 5 | -1

-- case: neighbours without NULL
SELECT loan_id, LAG(fine) IGNORE NULLS OVER (ORDER BY loan_id) AS p FROM loans WHERE loan_id IN (1, 2, 3, 8);
-- LOAN_ID | P
-- 1 | NULL
-- 2 | 0
-- 3 | 0
-- 8 | 4.5

-- case: running totals and frames
SELECT loan_id, SUM(fine) OVER (ORDER BY loan_id) AS run, SUM(loan_id) OVER (ORDER BY loan_id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS three, COUNT(*) OVER () AS n FROM loans WHERE loan_id <= 4;
-- LOAN_ID | RUN | THREE | N
-- 1 | 0 | 3 | 4
-- 2 | 0 | 6 | 4
-- 3 | 4.5 | 9 | 4
-- 4 | 4.5 | 7 | 4

-- case: peers share the default frame
SELECT book_id, SUM(price) OVER (ORDER BY price) AS s FROM books WHERE price < 40;
-- BOOK_ID | S
-- 100 | 9.99
-- 101 | 38.99
-- 103 | 38.99

-- case: a range of days
SELECT loan_id, COUNT(*) OVER (ORDER BY taken RANGE BETWEEN 30 PRECEDING AND CURRENT ROW) AS n FROM loans WHERE loan_id BETWEEN 3 AND 7;
-- LOAN_ID | N
-- 3 | 1
-- 4 | 2
-- 5 | 2
-- 6 | 2
-- 7 | 3

-- case: first and last values
SELECT loan_id, FIRST_VALUE(note) OVER (PARTITION BY member_id ORDER BY taken) AS f, LAST_VALUE(note) OVER (PARTITION BY member_id ORDER BY taken ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS l FROM loans WHERE member_id = 12;
-- LOAN_ID | F | L
-- 4 | 'ok' | NULL
-- 5 | 'ok' | NULL
-- 6 | 'ok' | NULL

-- case: quarters and shares
SELECT loan_id, NTILE(3) OVER (ORDER BY loan_id) AS t, RATIO_TO_REPORT(loan_id) OVER () AS s FROM loans WHERE loan_id <= 4;
-- LOAN_ID | T | S
-- 1 | 1 | 0.1
-- 2 | 1 | 0.2
-- 3 | 2 | 0.3
-- 4 | 3 | 0.4

-- case: relative ranks
SELECT book_id, CUME_DIST() OVER (ORDER BY price) AS c, PERCENT_RANK() OVER (ORDER BY price) AS p FROM books WHERE book_id IN (100, 101, 103, 104);
-- BOOK_ID | C | P
-- 100 | 0.25 | 0
-- 101 | 0.75 | 0.3333333333
-- 103 | 0.75 | 0.3333333333
-- 104 | 1 | 1

-- case: analytic functions over groups
SELECT member_id, COUNT(*) AS n, SUM(COUNT(*)) OVER (ORDER BY member_id) AS run, RANK() OVER (ORDER BY SUM(fine) DESC NULLS LAST) AS r FROM loans GROUP BY member_id;
-- MEMBER_ID | N | RUN | R
-- 10 | 2 | 2 | 4
-- 11 | 1 | 3 | 1
-- 12 | 3 | 6 | 3
-- 13 | 1 | 7 | 4
-- NULL | 1 | 8 | 2

-- case: LISTAGG and KEEP with OVER
SELECT loan_id, LISTAGG(loan_id, '-') WITHIN GROUP (ORDER BY loan_id) OVER (PARTITION BY member_id) AS l, MAX(loan_id) KEEP (DENSE_RANK FIRST ORDER BY fine) OVER (PARTITION BY member_id) AS k FROM loans WHERE member_id = 12;
-- LOAN_ID | L | K
-- 4 | '4-5-6' | 4
-- 5 | '4-5-6' | 4
-- 6 | '4-5-6' | 4

-- case: the latest of each
SELECT member_id, loan_id FROM (SELECT l.*, ROW_NUMBER() OVER (PARTITION BY member_id ORDER BY taken DESC) AS rn FROM loans l) WHERE rn = 1 AND member_id IS NOT NULL;
-- MEMBER_ID | LOAN_ID
-- 10 | 2
-- 11 | 3
-- 12 | 6
-- 13 | 7

-- case: analytic functions are not for WHERE
SELECT loan_id FROM loans WHERE ROW_NUMBER() OVER (ORDER BY loan_id) = 1;
-- error: ORA-30483

-- case: ranks need an order
SELECT RANK() OVER (PARTITION BY note) FROM loans;
-- error: ORA-30485

-- case: an analytic function without OVER
SELECT ROW_NUMBER() FROM loans;
-- error: ORA-30484

-- case: three group functions in one another
SELECT MAX(MAX(COUNT(*))) FROM loans GROUP BY member_id;
-- error: ORA-00935

-- case: DISTINCT items in no order of their own
SELECT LISTAGG(DISTINCT note, ',') WITHIN GROUP (ORDER BY loan_id) FROM loans;
-- unsupported: LISTAGG(DISTINCT ..)

-- case: a text that is too long
SELECT LISTAGG(RPAD('x', 1000, 'x')) WITHIN GROUP (ORDER BY NULL) AS l FROM loans;
-- error: ORA-01489

-- case: the groups with the most rows
SELECT note FROM loans GROUP BY note HAVING COUNT(*) = (SELECT MAX(COUNT(*)) FROM loans GROUP BY note);
-- NOTE
-- 'ok'

-- case: groups of a CASE, sorted by it
SELECT CASE WHEN fee >= 20 THEN 'high' WHEN fee > 0 THEN 'low' ELSE 'none' END AS band, COUNT(*) AS n FROM members GROUP BY CASE WHEN fee >= 20 THEN 'high' WHEN fee > 0 THEN 'low' ELSE 'none' END ORDER BY band;
-- BAND | N (ordered)
-- 'high' | 1
-- 'low' | 2
-- 'none' | 2

-- case: DISTINCT over a window
SELECT DISTINCT member_id, COUNT(*) OVER (PARTITION BY member_id) AS c FROM loans WHERE member_id < 12 ORDER BY c DESC, member_id;
-- MEMBER_ID | C (ordered)
-- 10 | 2
-- 11 | 1
