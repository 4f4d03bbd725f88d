-- case: UNIQUE and ALL in group functions
SELECT COUNT(UNIQUE note) AS u, COUNT(ALL note) AS a, SUM(ALL fine) AS s, COUNT(DISTINCT note) AS d FROM loans;
-- U | A | S | D
-- 3 | 6 | 7.75 | 3

-- case: DISTINCT in each of the plain group functions
SELECT SUM(DISTINCT fine) AS s, AVG(DISTINCT fine) AS a, MIN(DISTINCT fine) AS lo, MAX(DISTINCT fine) AS hi FROM loans;
-- S | A | LO | HI
-- 7.75 | 1.9375 | 0 | 4.5

-- case: group functions of NULL
SELECT MIN(NULL) AS a, MAX(NULL) AS b, COUNT(NULL) AS c, SUM(NULL) AS d, AVG(NULL) AS e, MEDIAN(NULL) AS f, LISTAGG(NULL) WITHIN GROUP (ORDER BY 1) AS g FROM loans;
-- A | B | C | D | E | F | G
-- NULL | NULL | 0 | NULL | NULL | NULL | NULL

-- case: smallest and largest of each type
SELECT MIN(opened) AS d, MAX(code) AS c, MIN(name) AS n FROM branches;
-- D | C | N
-- 1990-05-01 | 'HARB' | 'Central'

-- case: CHAR keeps its padding
SELECT MIN(code) AS c FROM branches;
-- C
-- 'CE  '

-- case: sums of days
SELECT SUM(returned - taken) AS s, AVG(returned - taken) AS a FROM loans;
-- S | A
-- 54.875 | 10.975

-- case: a sum of dates
SELECT SUM(taken) FROM loans;
-- error: ORA-00932

-- case: an average of dates
SELECT AVG(taken) FROM loans;
-- error: ORA-00932

-- case: a sum of intervals
SELECT SUM(NUMTODSINTERVAL(loan_id, 'DAY')) FROM loans;
-- error: ORA-00932

-- case: the largest interval
SELECT MAX(NUMTODSINTERVAL(loan_id, 'DAY')) AS m FROM loans;
-- M
-- interval 691200

-- case: a sum of words
SELECT SUM(note) FROM loans;
-- error: ORA-01722

-- case: DISTINCT of two columns
SELECT COUNT(DISTINCT note, fine) FROM loans;
-- error: ORA-00909

-- case: the largest of everything
SELECT MAX(*) FROM loans;
-- error: ORA-00936

-- case: DISTINCT where it is not allowed
SELECT STDDEV_POP(DISTINCT fine) FROM loans;
-- error: ORA-30482

-- case: the median leaves no DISTINCT
SELECT MEDIAN(DISTINCT fine) FROM loans;
-- error: ORA-30482

-- case: the median of dates
SELECT MEDIAN(joined) AS j FROM members;
-- J
-- 2022-06-30

-- case: the median between two dates
SELECT MEDIAN(taken) AS t FROM loans WHERE loan_id IN (1, 2);
-- T
-- 2024-01-12 16:30:00

-- case: the median between two seconds
SELECT MEDIAN(joined) FROM members WHERE member_id IN (10, 13);
-- unsupported: between two seconds

-- case: the median of numbers without a precision
SELECT MEDIAN(pages) AS a, MEDIAN(pages * 1000000) AS b FROM books;
-- A | B
-- 271.5 | 271500000

-- case: PERCENTILE_CONT lies between
SELECT PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY fine) AS a, PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY fine DESC) AS b, PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY fine) AS c, PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY fine) AS d FROM loans;
-- A | B | C | D
-- 0 | 1.8125 | 0.625 | 3.25

-- case: PERCENTILE_CONT at the ends
SELECT PERCENTILE_CONT(0) WITHIN GROUP (ORDER BY fine) AS a, PERCENTILE_CONT(1) WITHIN GROUP (ORDER BY fine) AS b, PERCENTILE_CONT(1) WITHIN GROUP (ORDER BY fine DESC) AS c FROM loans;
-- A | B | C
-- 0 | 4.5 | 0

-- case: PERCENTILE_DISC is one of the values
SELECT PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY fine) AS a, PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY fine DESC) AS b, PERCENTILE_DISC(0) WITHIN GROUP (ORDER BY fine DESC) AS c, PERCENTILE_DISC(1) WITHIN GROUP (ORDER BY fine) AS d FROM loans;
-- A | B | C | D
-- 0 | 1.25 | 4.5 | 4.5

-- case: PERCENTILE_DISC of text and of dates
SELECT PERCENTILE_DISC(0.4) WITHIN GROUP (ORDER BY note DESC) AS n, PERCENTILE_DISC(0.6) WITHIN GROUP (ORDER BY note) AS m, PERCENTILE_DISC(0.25) WITHIN GROUP (ORDER BY taken) AS t FROM loans;
-- N | M | T
-- 'ok' | 'ok' | 2024-01-20

-- case: a hundredth that binary fractions miss
SELECT PERCENTILE_DISC(0.07) WITHIN GROUP (ORDER BY n) AS p FROM (SELECT LEVEL AS n FROM DUAL CONNECT BY LEVEL <= 100);
-- P
-- 7

-- case: PERCENTILE_CONT of dates
SELECT PERCENTILE_CONT(0.25) WITHIN GROUP (ORDER BY taken) AS t FROM loans WHERE loan_id > 1;
-- T
-- 2024-02-08

-- case: PERCENTILE_CONT in groups
SELECT note, PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY loan_id) AS p FROM loans GROUP BY note;
-- NOTE | P
-- 'ok' | 4
-- 'late' | 4
-- 'lost' | 8
-- NULL | 4

-- case: a percentile outside of 0 to 1
SELECT PERCENTILE_CONT(1.5) WITHIN GROUP (ORDER BY fine) FROM loans;
-- error: ORA-30493

-- case: a percentile without WITHIN GROUP
SELECT PERCENTILE_CONT(0.5) FROM loans;
-- error: ORA-02000

-- case: a percentile of intervals
SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY NUMTODSINTERVAL(loan_id, 'DAY')) FROM loans;
-- error: ORA-30495

-- case: averages of pairs
SELECT REGR_COUNT(fine, loan_id) AS c, REGR_AVGX(fine, loan_id) AS x, REGR_AVGY(fine, loan_id) AS y FROM loans;
-- C | X | Y
-- 6 | 4.6666666667 | 1.2916666667

-- case: a line through the points
SELECT REGR_SLOPE(y, x) AS s, REGR_INTERCEPT(y, x) AS i, REGR_R2(y, x) AS r, CORR(y, x) AS c FROM (SELECT loan_id AS x, loan_id * 3 - 1 AS y FROM loans);
-- S | I | R | C
-- 3 | -1 | 1 | 1

-- case: sums of squares and covariances
SELECT REGR_SXX(y, x) AS sxx, REGR_SYY(y, x) AS syy, REGR_SXY(y, x) AS sxy, COVAR_POP(y, x) AS p, COVAR_SAMP(y, x) AS s FROM (SELECT loan_id AS x, loan_id * 2 AS y FROM loans WHERE loan_id < 4);
-- SXX | SYY | SXY | P | S
-- 2 | 8 | 4 | 1.3333333333 | 2

-- case: regressions of a flat variable
SELECT CORR(1, loan_id) AS c, REGR_SLOPE(loan_id, 1) AS s, REGR_R2(loan_id, 1) AS n, REGR_R2(1, loan_id) AS o FROM loans;
-- C | S | N | O
-- NULL | NULL | NULL | 1

-- case: one pair
SELECT COVAR_POP(fine, loan_id) AS p, COVAR_SAMP(fine, loan_id) AS s, CORR(fine, loan_id) AS c, REGR_SXX(fine, loan_id) AS x FROM loans WHERE loan_id = 3;
-- P | S | C | X
-- 0 | NULL | NULL | 0

-- case: a pair of one
SELECT CORR(fine) FROM loans;
-- error: ORA-00909

-- case: the most frequent value
SELECT STATS_MODE(note) AS n, STATS_MODE(fine) AS f FROM loans;
-- N | F
-- 'ok' | 0

-- case: values that are equally frequent
SELECT STATS_MODE(note) FROM loans WHERE loan_id IN (1, 3);
-- unsupported: equally frequent

-- case: any value of one value
SELECT member_id, ANY_VALUE(note) AS n FROM loans WHERE loan_id IN (1, 2, 3) GROUP BY member_id;
-- MEMBER_ID | N
-- 10 | 'ok'
-- 11 | 'late'

-- case: any value of several
SELECT ANY_VALUE(note) FROM loans;
-- unsupported: ANY_VALUE of different values

-- case: an approximate count
SELECT APPROX_COUNT_DISTINCT(note) FROM loans;
-- unsupported: APPROX_COUNT_DISTINCT

-- case: LISTAGG of a CASE
SELECT LISTAGG(CASE WHEN fee > 12 THEN name END, ', ') WITHIN GROUP (ORDER BY name DESC) AS l FROM members;
-- L
-- 'Cid o'Dea, Bela Kiss, Ann Byrne'

-- case: LISTAGG of numbers and dates
SELECT LISTAGG(fee, ';') WITHIN GROUP (ORDER BY fee DESC) AS f, LISTAGG(joined, ';') WITHIN GROUP (ORDER BY member_id) AS j FROM members WHERE member_id < 13;
-- F | J
-- '30;12.5;12.5' | '31-JAN-20;28-FEB-21;30-JUN-22'

-- case: LISTAGG orders NULL last
SELECT LISTAGG(member_id, ',') WITHIN GROUP (ORDER BY fee, member_id) AS a, LISTAGG(member_id, ',') WITHIN GROUP (ORDER BY fee DESC, member_id) AS b FROM members;
-- A | B
-- '14,11,12,10,13' | '13,10,11,12,14'

-- case: items that tie come in the order of their text
SELECT LISTAGG(note, ',') WITHIN GROUP (ORDER BY fine) AS l FROM loans WHERE fine = 0 OR loan_id = 8;
-- L
-- 'ok,ok,ok,lost'

-- case: LISTAGG ON OVERFLOW that does not overflow
SELECT LISTAGG(note, '-' ON OVERFLOW TRUNCATE '...' WITHOUT COUNT) WITHIN GROUP (ORDER BY loan_id) AS a, LISTAGG(DISTINCT note, '-' ON OVERFLOW ERROR) WITHIN GROUP (ORDER BY note DESC) AS b FROM loans;
-- A | B
-- 'ok-late-ok-late-ok-lost' | 'ok-lost-late'

-- case: LISTAGG that is truncated
SELECT LISTAGG(RPAD('x', 1000, 'x'), ',' ON OVERFLOW TRUNCATE) WITHIN GROUP (ORDER BY loan_id) FROM loans;
-- unsupported: overflows

-- case: LISTAGG of different numbers
SELECT LISTAGG(DISTINCT member_id, ',') WITHIN GROUP (ORDER BY member_id) AS m FROM loans;
-- M
-- '10,11,12,13'

-- case: LISTAGG of different numbers that sort otherwise as text
SELECT LISTAGG(DISTINCT loan_id + 3, ',') WITHIN GROUP (ORDER BY loan_id + 3) FROM loans;
-- unsupported: sort otherwise as text

-- case: LISTAGG without an order
SELECT LISTAGG(note, ',') AS l FROM loans WHERE note = 'ok';
-- L
-- 'ok,ok,ok'

-- case: LISTAGG of different values without an order
SELECT LISTAGG(note, ',') FROM loans;
-- unsupported: without an order

-- case: a key between the items
SELECT note, LISTAGG(loan_id, note) WITHIN GROUP (ORDER BY loan_id) AS l FROM loans GROUP BY note;
-- NOTE | L
-- 'ok' | '1ok4ok7'
-- 'late' | '3late5'
-- 'lost' | '8'
-- NULL | '26'

-- case: a column between the items
SELECT LISTAGG(loan_id, note) WITHIN GROUP (ORDER BY loan_id) FROM loans GROUP BY member_id;
-- error: ORA-30497

-- case: KEEP over several keys
SELECT MAX(fee) KEEP (DENSE_RANK FIRST ORDER BY branch_id, joined DESC) AS a, MIN(name) KEEP (DENSE_RANK LAST ORDER BY branch_id NULLS FIRST, fee) AS b FROM members;
-- A | B
-- 12.5 | 'Dora Núñez'

-- case: KEEP of each group function
SELECT SUM(fee) KEEP (DENSE_RANK FIRST ORDER BY branch_id) AS s, AVG(fee) KEEP (DENSE_RANK FIRST ORDER BY branch_id) AS a, COUNT(fee) KEEP (DENSE_RANK LAST ORDER BY branch_id NULLS FIRST) AS c, VARIANCE(fee) KEEP (DENSE_RANK FIRST ORDER BY branch_id) AS v, STDDEV(fee) KEEP (DENSE_RANK LAST ORDER BY branch_id NULLS FIRST) AS d FROM members;
-- S | A | C | V | D
-- 42.5 | 21.25 | 1 | 153.125 | 0

-- case: KEEP of a NULL that comes last
SELECT MAX(note) KEEP (DENSE_RANK LAST ORDER BY fine) AS a, COUNT(*) KEEP (DENSE_RANK LAST ORDER BY fine) AS b, MAX(fine) KEEP (DENSE_RANK FIRST ORDER BY note DESC) AS c FROM loans;
-- A | B | C
-- NULL | 2 | NULL

-- case: KEEP of no rows
SELECT SUM(fee) KEEP (DENSE_RANK FIRST ORDER BY joined) AS s, COUNT(*) KEEP (DENSE_RANK FIRST ORDER BY joined) AS c FROM members WHERE 1 = 0;
-- S | C
-- NULL | 0

-- case: KEEP ordered by a constant keeps all rows
SELECT COUNT(*) KEEP (DENSE_RANK FIRST ORDER BY NULL) AS c, MIN(fee) KEEP (DENSE_RANK LAST ORDER BY 1) AS m FROM members;
-- C | M
-- 5 | 0

-- case: KEEP needs DENSE_RANK
SELECT MAX(fee) KEEP (RANK FIRST ORDER BY joined) FROM members;
-- error: ORA-02000

-- case: where a row would stand
SELECT RANK(12.5) WITHIN GROUP (ORDER BY fee) AS r, DENSE_RANK(20) WITHIN GROUP (ORDER BY fee) AS d, RANK(20) WITHIN GROUP (ORDER BY fee DESC NULLS LAST) AS e, RANK(NULL) WITHIN GROUP (ORDER BY fee) AS n FROM members;
-- R | D | E | N
-- 2 | 3 | 2 | 5

-- case: how far along a row would stand
SELECT PERCENT_RANK(12.5) WITHIN GROUP (ORDER BY fee) AS p, CUME_DIST(12.5) WITHIN GROUP (ORDER BY fee) AS c FROM members;
-- P | C
-- 0.2 | 0.6666666667

-- case: where a row would stand among none
SELECT RANK(1) WITHIN GROUP (ORDER BY fee) AS r, PERCENT_RANK(1) WITHIN GROUP (ORDER BY fee) AS p, CUME_DIST(1) WITHIN GROUP (ORDER BY fee) AS c FROM members WHERE 1 = 0;
-- R | P | C
-- 1 | 0 | 1

-- case: where a row of two values would stand
SELECT RANK(2, 12.5) WITHIN GROUP (ORDER BY branch_id, fee DESC) AS r FROM members;
-- R
-- 4

-- case: a padded code in a hypothetical row
SELECT RANK('HARB') WITHIN GROUP (ORDER BY code) AS a, RANK('D') WITHIN GROUP (ORDER BY code) AS b, CUME_DIST('CE') WITHIN GROUP (ORDER BY code) AS c FROM branches;
-- A | B | C
-- 2 | 2 | 0.5

-- case: a value too many
SELECT RANK(1, 2) WITHIN GROUP (ORDER BY fee) FROM members;
-- error: ORA-00909

-- case: collections are not known
SELECT COLLECT(note) FROM loans;
-- unsupported: COLLECT

-- case: a date in a hypothetical row
SELECT RANK(TO_DATE('2022-01-01', 'YYYY-MM-DD')) WITHIN GROUP (ORDER BY joined) AS a, DENSE_RANK(ADD_MONTHS(DATE '2021-01-01', 12)) WITHIN GROUP (ORDER BY joined DESC) AS b FROM members;
-- A | B
-- 3 | 4

-- case: a key in a hypothetical row
SELECT branch_id, RANK(branch_id) WITHIN GROUP (ORDER BY member_id) AS r FROM members WHERE branch_id IS NOT NULL GROUP BY branch_id;
-- BRANCH_ID | R
-- 1 | 1
-- 2 | 1

-- case: a column in a hypothetical row
SELECT RANK(fee) WITHIN GROUP (ORDER BY fee) FROM members;
-- error: ORA-30497

-- case: a percentile of a part in text, and of a third
SELECT PERCENTILE_CONT('0.5') WITHIN GROUP (ORDER BY fee) AS a, PERCENTILE_CONT(1/3) WITHIN GROUP (ORDER BY fee) AS b FROM members;
-- A | B
-- 12.5 | 12.5

-- case: WITHIN GROUP without an order
SELECT LISTAGG(note, ',') WITHIN GROUP () FROM loans;
-- error: ORA-02000

-- case: ALL of everything
SELECT COUNT(ALL *) FROM loans;
-- error: ORA-00936

-- case: group functions of other dialects
SELECT STRING_AGG(note, ',') FROM loans;
-- error: ORA-00904

-- case: an order inside of the brackets
SELECT LISTAGG(note, ',' ORDER BY note) FROM loans;
-- unsupported: ORDER

-- case: LISTAGG of a constant
SELECT LISTAGG('x', ',') WITHIN GROUP (ORDER BY 1) AS many, LISTAGG(DISTINCT 13, ',') AS one FROM branches;
-- MANY | ONE
-- 'x,x,x' | '13'

-- case: the text of an average
SELECT AVG(price) || '' AS a, 'x' || AVG(fee) AS b, TO_CHAR(AVG(pages)) AS c FROM books, members WHERE member_id = 10;
-- A | B | C
-- '19.7475' | 'x30' | '286.375'

-- case: the text of an average without end
SELECT TO_CHAR(AVG(book_id)) AS a, AVG(price) || '' AS b FROM books WHERE book_id <> 102 AND book_id <> 104;
-- A | B
-- '101.333333333333333333333333333333333333' | '12.99666666666666666666666666666666666667'

-- case: the middle of two numbers that a DOUBLE cannot tell apart
SELECT MEDIAN(x) AS m FROM (SELECT 9007199254740992 AS x FROM dual UNION ALL SELECT 9007199254740993 FROM dual);
-- M
-- 9007199254740992.5

-- case: LISTAGG ON OVERFLOW TRUNCATE with and without a text of its own
SELECT LISTAGG(note, ',' ON OVERFLOW TRUNCATE WITHOUT COUNT) WITHIN GROUP (ORDER BY loan_id) AS a, LISTAGG(note, ',' ON OVERFLOW TRUNCATE '..' WITH COUNT) WITHIN GROUP (ORDER BY loan_id) AS b FROM loans WHERE loan_id < 4;
-- A | B
-- 'ok,late' | 'ok,late'

-- case: LISTAGG ON OVERFLOW TRUNCATE says whether it counts
SELECT LISTAGG(note, ',' ON OVERFLOW TRUNCATE COUNT) WITHIN GROUP (ORDER BY loan_id) FROM loans;
-- error: ORA-00907

-- case: KEEP leaves NULL out among the rows that come first or last
SELECT MIN(v) KEEP (DENSE_RANK FIRST ORDER BY k) AS a, MAX(v) KEEP (DENSE_RANK FIRST ORDER BY k) AS b, MIN(v) KEEP (DENSE_RANK LAST ORDER BY k DESC) AS c, MAX(v) KEEP (DENSE_RANK LAST ORDER BY k DESC) AS d, MIN(v) KEEP (DENSE_RANK LAST ORDER BY k) AS e FROM (SELECT 1 AS k, NULL AS v FROM dual UNION ALL SELECT 1, 5 FROM dual UNION ALL SELECT 1, 3 FROM dual UNION ALL SELECT 2, TO_NUMBER(NULL) FROM dual);
-- A | B | C | D | E
-- 3 | 5 | 3 | 5 | NULL
