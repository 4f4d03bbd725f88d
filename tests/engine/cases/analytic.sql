-- case: NTH_VALUE from the first and from the last
SELECT loan_id, NTH_VALUE(loan_id, 2) OVER (ORDER BY loan_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS f, NTH_VALUE(loan_id, 2) FROM LAST OVER (ORDER BY loan_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS l FROM loans WHERE loan_id < 5;
-- LOAN_ID | F | L
-- 1 | 2 | 3
-- 2 | 2 | 3
-- 3 | 2 | 3
-- 4 | 2 | 3

-- case: NTH_VALUE from the last of a growing window, named by its text
SELECT NTH_VALUE(loan_id, 2) FROM LAST OVER (ORDER BY loan_id) FROM loans WHERE loan_id < 4;
-- NTH_VALUE(LOAN_ID,2)FROMLASTOVER(ORDERBYLOAN_ID)
-- NULL
-- 1
-- 2

-- case: NTH_VALUE without NULL
SELECT loan_id, NTH_VALUE(fine, 2) FROM FIRST IGNORE NULLS OVER (ORDER BY loan_id) AS i, NTH_VALUE(fine, 2) FROM FIRST RESPECT NULLS OVER (ORDER BY loan_id) AS r FROM loans WHERE loan_id < 4;
-- LOAN_ID | I | R
-- 1 | NULL | NULL
-- 2 | NULL | NULL
-- 3 | 4.5 | NULL

-- case: NTH_VALUE of a column
SELECT loan_id, NTH_VALUE(fine, loan_id) OVER (ORDER BY loan_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS n FROM loans WHERE loan_id < 4;
-- LOAN_ID | N
-- 1 | 0
-- 2 | NULL
-- 3 | 4.5

-- case: NTH_VALUE of nothing
SELECT NTH_VALUE(fine, 0) OVER (ORDER BY loan_id) FROM loans;
-- unsupported: NTH_VALUE with the number 0

-- case: IGNORE NULLS inside of the brackets and behind them
SELECT loan_id, LAG(fine IGNORE NULLS, 1, -1) OVER (ORDER BY loan_id) AS a, LAG(fine, 1, -1) IGNORE NULLS OVER (ORDER BY loan_id) AS b, LEAD(fine RESPECT NULLS, 2) OVER (ORDER BY loan_id) AS c FROM loans WHERE loan_id < 5;
-- LOAN_ID | A | B | C
-- 1 | -1 | -1 | 4.5
-- 2 | 0 | 0 | 0
-- 3 | 0 | 0 | NULL
-- 4 | 4.5 | 4.5 | NULL

-- case: offsets and defaults that are columns
SELECT loan_id, LAG(loan_id, loan_id - 1) OVER (ORDER BY loan_id) AS a, LEAD(loan_id, 2, loan_id * 10) OVER (ORDER BY loan_id) AS b, LAG(loan_id, 0) OVER (ORDER BY loan_id) AS c FROM loans WHERE loan_id < 4;
-- LOAN_ID | A | B | C
-- 1 | 1 | 3 | 1
-- 2 | 1 | 20 | 2
-- 3 | 1 | 30 | 3

-- case: defaults of text and of dates
SELECT loan_id, LAG(note, 1, 'none') OVER (ORDER BY loan_id) AS a, LEAD(taken, 1, DATE '2030-01-01') OVER (ORDER BY loan_id) AS b FROM loans WHERE loan_id < 3;
-- LOAN_ID | A | B
-- 1 | 'none' | 2024-01-20
-- 2 | 'ok' | 2030-01-01

-- case: a default of another type
SELECT LAG(taken, 1, 0) OVER (ORDER BY loan_id) FROM loans;
-- error: ORA-00932

-- case: an offset below zero
SELECT LAG(loan_id, -1) OVER (ORDER BY loan_id) FROM loans;
-- error: ORA-01428

-- case: an offset below zero in some row
SELECT LEAD(loan_id, loan_id - 2) OVER (ORDER BY loan_id) FROM loans;
-- error: ORA-01428

-- case: first and last values without NULL
SELECT loan_id, FIRST_VALUE(fine) IGNORE NULLS OVER (ORDER BY loan_id DESC) AS a, LAST_VALUE(fine IGNORE NULLS) OVER (ORDER BY loan_id) AS b, LAST_VALUE(fine) OVER (ORDER BY loan_id) AS c FROM loans WHERE loan_id < 4;
-- LOAN_ID | A | B | C
-- 1 | 4.5 | 0 | 0
-- 2 | 4.5 | 0 | NULL
-- 3 | 4.5 | 4.5 | 4.5

-- case: IGNORE NULLS is for values
SELECT SUM(fine) IGNORE NULLS OVER (ORDER BY loan_id) FROM loans;
-- unsupported: IGNORE NULLS

-- case: buckets of a column
SELECT loan_id, NTILE(2) OVER (ORDER BY loan_id DESC) AS t, NTILE(member_id) OVER (PARTITION BY member_id ORDER BY loan_id) AS m FROM loans WHERE loan_id < 4;
-- LOAN_ID | T | M
-- 1 | 2 | 1
-- 2 | 1 | 2
-- 3 | 1 | 1

-- case: a range of a month
SELECT loan_id, COUNT(*) OVER (ORDER BY taken RANGE BETWEEN INTERVAL '1' MONTH PRECEDING AND CURRENT ROW) AS n FROM loans WHERE loan_id < 6;
-- LOAN_ID | N
-- 1 | 1
-- 2 | 2
-- 3 | 3
-- 4 | 3
-- 5 | 2

-- case: a range of intervals in days on both sides
SELECT loan_id, COUNT(*) OVER (ORDER BY taken RANGE BETWEEN NUMTODSINTERVAL(12, 'DAY') PRECEDING AND INTERVAL '1' DAY FOLLOWING) AS n FROM loans WHERE loan_id > 1;
-- LOAN_ID | N
-- 2 | 1
-- 3 | 2
-- 4 | 1
-- 5 | 1
-- 6 | 2
-- 7 | 2
-- 8 | 1

-- case: a range that ends on a day that does not exist
SELECT COUNT(*) OVER (ORDER BY taken RANGE INTERVAL '1' MONTH PRECEDING) FROM loans;
-- unsupported: a day that does not exist

-- case: a range over descending dates
SELECT loan_id, COUNT(*) OVER (ORDER BY taken DESC RANGE BETWEEN 1 PRECEDING AND 15 FOLLOWING) AS n FROM loans;
-- LOAN_ID | N
-- 8 | 1
-- 7 | 2
-- 6 | 2
-- 5 | 1
-- 4 | 2
-- 3 | 2
-- 2 | 2
-- 1 | 1

-- case: a range with a fraction
SELECT loan_id, SUM(loan_id) OVER (ORDER BY loan_id RANGE BETWEEN 1.5 PRECEDING AND 0.5 FOLLOWING) AS s, SUM(loan_id) OVER (ORDER BY loan_id DESC RANGE 1 PRECEDING) AS d FROM loans WHERE loan_id < 5;
-- LOAN_ID | S | D
-- 1 | 1 | 3
-- 2 | 3 | 5
-- 3 | 5 | 7
-- 4 | 7 | 4

-- case: a range over NULL keys
SELECT loan_id, SUM(loan_id) OVER (ORDER BY fine RANGE BETWEEN 2 PRECEDING AND CURRENT ROW) AS s FROM loans;
-- LOAN_ID | S
-- 1 | 12
-- 4 | 12
-- 7 | 12
-- 5 | 17
-- 8 | 25
-- 3 | 3
-- 2 | 8
-- 6 | 8

-- case: bounds that are columns
SELECT loan_id, SUM(loan_id) OVER (ORDER BY loan_id ROWS BETWEEN member_id - 10 PRECEDING AND CURRENT ROW) AS r, COUNT(*) OVER (ORDER BY taken RANGE BETWEEN loan_id * 5 PRECEDING AND CURRENT ROW) AS d FROM loans WHERE loan_id < 5;
-- LOAN_ID | R | D
-- 1 | 1 | 1
-- 2 | 2 | 1
-- 3 | 5 | 2
-- 4 | 9 | 2

-- case: a window that begins behind its row
SELECT loan_id, FIRST_VALUE(loan_id) OVER (ORDER BY loan_id ROWS BETWEEN 1 FOLLOWING AND 2 FOLLOWING) AS f, COUNT(*) OVER (ORDER BY loan_id ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING) AS c FROM loans WHERE loan_id < 4;
-- LOAN_ID | F | C
-- 1 | 2 | 0
-- 2 | 3 | 1
-- 3 | NULL | 2

-- case: a window of a negative number of rows
SELECT SUM(loan_id) OVER (ORDER BY loan_id ROWS BETWEEN loan_id - 3 PRECEDING AND CURRENT ROW) FROM loans;
-- error: ORA-01428

-- case: a window that ends before it begins
SELECT SUM(loan_id) OVER (ORDER BY loan_id ROWS BETWEEN CURRENT ROW AND 1 PRECEDING) FROM loans;
-- error: ORA-30486

-- case: a window from its end
SELECT SUM(loan_id) OVER (ORDER BY loan_id ROWS BETWEEN UNBOUNDED FOLLOWING AND CURRENT ROW) FROM loans;
-- error: ORA-30486

-- case: a distance over two keys
SELECT SUM(loan_id) OVER (ORDER BY loan_id, fine RANGE 2 PRECEDING) FROM loans;
-- error: ORA-30486

-- case: a range of peers over two keys
SELECT book_id, SUM(1) OVER (ORDER BY price, pages RANGE UNBOUNDED PRECEDING) AS n FROM books WHERE price < 40;
-- BOOK_ID | N
-- 100 | 1
-- 101 | 2
-- 103 | 3

-- case: bounds without an order
SELECT SUM(loan_id) OVER (ROWS 2 PRECEDING) FROM loans;
-- error: ORA-30485

-- case: GROUPS came later
SELECT SUM(loan_id) OVER (ORDER BY loan_id GROUPS 2 PRECEDING) FROM loans;
-- error: ORA-00907

-- case: EXCLUDE came later
SELECT SUM(loan_id) OVER (ORDER BY loan_id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW) FROM loans;
-- error: ORA-00907

-- case: named windows came later, and OVER is an alias before them
SELECT SUM(loan_id) OVER w FROM loans WINDOW w AS (ORDER BY loan_id);
-- error: ORA-00923

-- case: a range over text
SELECT SUM(fine) OVER (ORDER BY note RANGE 2 PRECEDING) FROM loans;
-- unsupported: a RANGE window over VARCHAR2

-- case: ranks have no bounds
SELECT RANK() OVER (ORDER BY loan_id ROWS UNBOUNDED PRECEDING) FROM loans;
-- error: ORA-00907

-- case: a rank by a constant
SELECT loan_id, RANK() OVER (ORDER BY 1) AS r, DENSE_RANK() OVER (ORDER BY NULL) AS d FROM loans WHERE loan_id < 3;
-- LOAN_ID | R | D
-- 1 | 1 | 1
-- 2 | 1 | 1

-- case: partitions in brackets and by a constant
SELECT loan_id, SUM(fine) OVER (PARTITION BY (member_id, note) ORDER BY loan_id) AS a, SUM(fine) OVER (PARTITION BY 'x') AS b FROM loans WHERE loan_id < 4;
-- LOAN_ID | A | B
-- 1 | 0 | 4.5
-- 2 | NULL | 4.5
-- 3 | 4.5 | 4.5

-- case: DISTINCT with OVER
SELECT loan_id, COUNT(DISTINCT note) OVER (PARTITION BY member_id) AS n FROM loans WHERE member_id = 12;
-- LOAN_ID | N
-- 4 | 2
-- 5 | 2
-- 6 | 2

-- case: DISTINCT takes no order
SELECT COUNT(DISTINCT note) OVER (ORDER BY member_id) FROM loans;
-- error: ORA-30487

-- case: the median takes no order
SELECT MEDIAN(fine) OVER (ORDER BY member_id) FROM loans;
-- error: ORA-30487

-- case: KEEP takes no order in OVER
SELECT MAX(fine) KEEP (DENSE_RANK FIRST ORDER BY taken) OVER (ORDER BY member_id) FROM loans;
-- error: ORA-30487

-- case: percentiles with OVER
SELECT loan_id, PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY fine) OVER (PARTITION BY member_id) AS c, PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY fine DESC) OVER (PARTITION BY member_id) AS d, MEDIAN(loan_id) OVER (PARTITION BY member_id) AS m FROM loans WHERE member_id IN (10, 12);
-- LOAN_ID | C | D | M
-- 1 | 0 | 0 | 1.5
-- 2 | 0 | 0 | 1.5
-- 4 | 0.625 | 1.25 | 5
-- 5 | 0.625 | 1.25 | 5
-- 6 | 0.625 | 1.25 | 5

-- case: KEEP with OVER
SELECT loan_id, SUM(fine) KEEP (DENSE_RANK FIRST ORDER BY note) OVER (PARTITION BY member_id) AS s, COUNT(*) KEEP (DENSE_RANK LAST ORDER BY note) OVER (PARTITION BY member_id) AS c, MIN(loan_id) KEEP (DENSE_RANK LAST ORDER BY fine NULLS FIRST) OVER (PARTITION BY member_id) AS m FROM loans WHERE member_id IN (10, 12);
-- LOAN_ID | S | C | M
-- 1 | 0 | 1 | 1
-- 2 | 0 | 1 | 1
-- 4 | 1.25 | 1 | 5
-- 5 | 1.25 | 1 | 5
-- 6 | 1.25 | 1 | 5

-- case: spreads and regressions with OVER
SELECT loan_id, STDDEV(fine) OVER (ORDER BY loan_id) AS s, REGR_COUNT(loan_id, fine) OVER (ORDER BY loan_id) AS n, CORR(loan_id, fine) OVER (PARTITION BY member_id) AS c FROM loans WHERE loan_id IN (1, 2, 4, 5);
-- LOAN_ID | S | N | C
-- 1 | 0 | 1 | NULL
-- 2 | 0 | 1 | NULL
-- 4 | 0 | 2 | 1
-- 5 | 0.7216878365 | 3 | 1

-- case: shares of a sum
SELECT loan_id, RATIO_TO_REPORT(fine) OVER () AS r FROM loans WHERE loan_id IN (2, 3, 5, 8);
-- LOAN_ID | R
-- 2 | NULL
-- 3 | 0.5806451613
-- 5 | 0.1612903226
-- 8 | 0.2580645161

-- case: shares of nothing
SELECT RATIO_TO_REPORT(fine) OVER () FROM loans WHERE note = 'ok';
-- unsupported: add up to 0

-- case: windows over groups, and sorted by one
SELECT note, SUM(SUM(fine)) OVER (ORDER BY note) AS run, RANK() OVER (ORDER BY COUNT(*) DESC) AS r FROM loans WHERE note IS NOT NULL GROUP BY note ORDER BY MAX(COUNT(*)) OVER (), RANK() OVER (ORDER BY COUNT(*) DESC);
-- NOTE | RUN | R (ordered)
-- 'ok' | 7.75 | 1
-- 'late' | 5.75 | 2
-- 'lost' | 7.75 | 3

-- case: sorted by a row number
SELECT loan_id FROM loans WHERE loan_id < 4 ORDER BY ROW_NUMBER() OVER (ORDER BY loan_id DESC);
-- LOAN_ID (ordered)
-- 3
-- 2
-- 1

-- case: an analytic function in HAVING
SELECT note FROM loans GROUP BY note HAVING RANK() OVER (ORDER BY COUNT(*)) = 1;
-- error: ORA-30483

-- case: an analytic function in GROUP BY
SELECT COUNT(*) FROM loans GROUP BY ROW_NUMBER() OVER (ORDER BY loan_id);
-- error: ORA-30483

-- case: an analytic function in a group function
SELECT SUM(ROW_NUMBER() OVER (ORDER BY loan_id)) FROM loans;
-- error: ORA-30483

-- case: an analytic function in an analytic function
SELECT SUM(SUM(fine) OVER ()) OVER () FROM loans;
-- error: ORA-30483

-- case: an offset without an order
SELECT LEAD(loan_id) OVER (PARTITION BY note) FROM loans;
-- error: ORA-30485

-- case: an offset without OVER
SELECT LEAD(loan_id) FROM loans;
-- error: ORA-30484

-- case: averages of a moving window
SELECT loan_id, AVG(fine) OVER (ORDER BY loan_id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS a FROM loans WHERE loan_id < 4;
-- LOAN_ID | A
-- 1 | 0
-- 2 | 2.25
-- 3 | 4.5

-- case: NULL first and last in an order
SELECT loan_id, ROW_NUMBER() OVER (ORDER BY fine NULLS FIRST, loan_id) AS a, ROW_NUMBER() OVER (ORDER BY fine DESC, loan_id) AS b, ROW_NUMBER() OVER (ORDER BY fine DESC NULLS LAST, loan_id) AS c FROM loans WHERE loan_id < 5;
-- LOAN_ID | A | B | C
-- 1 | 2 | 3 | 2
-- 2 | 1 | 1 | 4
-- 3 | 4 | 2 | 1
-- 4 | 3 | 4 | 3

-- case: sorted by what may fail
SELECT loan_id, RANK() OVER (ORDER BY taken + INTERVAL '1' MONTH DESC) AS r, ROW_NUMBER() OVER (PARTITION BY ADD_MONTHS(TRUNC(taken, 'MM'), 1) ORDER BY MONTHS_BETWEEN(taken, DATE '2024-01-01') DESC) AS n FROM loans WHERE loan_id < 4;
-- LOAN_ID | R | N
-- 1 | 3 | 2
-- 2 | 2 | 1
-- 3 | 1 | 1

-- case: sorted by group functions that may fail
SELECT note, RANK() OVER (ORDER BY MEDIAN(taken)) AS m, RANK() OVER (ORDER BY LISTAGG(loan_id, ',') WITHIN GROUP (ORDER BY loan_id) DESC) AS l FROM loans WHERE loan_id IN (3, 4, 7, 8) GROUP BY note;
-- NOTE | M | L
-- 'late' | 1 | 3
-- 'ok' | 2 | 2
-- 'lost' | 3 | 1

-- case: sorted by what is served from Python
SELECT loan_id, DENSE_RANK() OVER (PARTITION BY SOUNDEX('x') ORDER BY SOUNDEX(note)) AS r FROM loans WHERE loan_id IN (1, 3, 5, 8);
-- LOAN_ID | R
-- 1 | 3
-- 3 | 2
-- 5 | 2
-- 8 | 1

-- case: a partition by nothing
SELECT RANK() OVER (PARTITION BY ORDER BY note) FROM loans;
-- error: ORA-00936

-- case: an order by nothing
SELECT RANK() OVER (PARTITION BY note ORDER BY) FROM loans;
-- error: ORA-00936

-- case: BETWEEN without AND in a window
SELECT SUM(fine) OVER (ORDER BY loan_id ROWS BETWEEN 1 PRECEDING) FROM loans;
-- error: ORA-00905

-- case: OVER without brackets
SELECT SUM(fine) OVER FROM loans;
-- error: ORA-30484

-- case: the name of a window before there were any
SELECT SUM(fine) OVER w FROM loans;
-- error: ORA-00923

-- case: PERCENT_RANK rounded, of which the first is zero
SELECT loan_id, ROUND(PERCENT_RANK() OVER (ORDER BY loan_id), 2) AS p FROM loans WHERE loan_id < 5 ORDER BY loan_id;
-- LOAN_ID | P
-- 1 | 0
-- 2 | 0.33
-- 3 | 0.67
-- 4 | 1

-- case: a function of zero rounded
SELECT ROUND(SIN(book_id - 100), 3) AS s, ROUND(SQRT(book_id - 100), 2) AS r FROM books WHERE book_id < 102 ORDER BY book_id;
-- S | R
-- 0 | 0
-- 0.841 | 1

-- case: CUME_DIST of eight rows rounded at its half
SELECT n, ROUND(CUME_DIST() OVER (ORDER BY n), 2) AS c, ROUND(100 * CUME_DIST() OVER (ORDER BY n), 0) AS h FROM (SELECT LEVEL AS n FROM dual CONNECT BY LEVEL <= 8) WHERE n > 0 ORDER BY n;
-- N | C | H
-- 1 | 0.13 | 13
-- 2 | 0.25 | 25
-- 3 | 0.38 | 38
-- 4 | 0.5 | 50
-- 5 | 0.63 | 63
-- 6 | 0.75 | 75
-- 7 | 0.88 | 88
-- 8 | 1 | 100

-- case: a window in lower case
select n, sum(n) over (order by n rows between 1 preceding and 1 following) as a, sum(n) over (order by n range between unbounded preceding and current row) as b, count(*) over (order by n rows 2 preceding) as c, sum(n) over (order by n Rows Between Current Row And Unbounded Following) as d from (select level as n from dual connect by level <= 4) order by n;
-- N | A | B | C | D (ordered)
-- 1 | 3 | 1 | 1 | 10
-- 2 | 6 | 3 | 2 | 9
-- 3 | 9 | 6 | 3 | 7
-- 4 | 7 | 10 | 3 | 4

-- case: FROM LAST in the brackets of NTH_VALUE
SELECT member_id, NTH_VALUE(member_id, 2 FROM LAST) OVER (ORDER BY member_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS v FROM members WHERE branch_id = 2;
-- MEMBER_ID | V
-- 12 | 12
-- 13 | 12

-- case: the second of each, and not the first two
SELECT member_id, loan_id FROM (SELECT member_id, loan_id, ROW_NUMBER() OVER (PARTITION BY member_id ORDER BY loan_id) AS rn FROM loans) WHERE rn = 2;
-- MEMBER_ID | LOAN_ID
-- 10 | 2
-- 12 | 5

-- case: limits on a row number, with and without their own value
SELECT (SELECT COUNT(*) FROM (SELECT ROW_NUMBER() OVER (ORDER BY loan_id) AS rn FROM loans) WHERE rn < 3) AS a, (SELECT COUNT(*) FROM (SELECT ROW_NUMBER() OVER (ORDER BY loan_id) AS rn FROM loans) WHERE rn < 2.5) AS b, (SELECT COUNT(*) FROM (SELECT ROW_NUMBER() OVER (ORDER BY loan_id) AS rn FROM loans) WHERE rn <= 2.5) AS c, (SELECT COUNT(*) FROM (SELECT ROW_NUMBER() OVER (ORDER BY loan_id) AS rn FROM loans) WHERE 3 > rn) AS d, (SELECT COUNT(*) FROM (SELECT ROW_NUMBER() OVER (ORDER BY loan_id) AS rn FROM loans) WHERE rn BETWEEN 1 AND 3) AS e, (SELECT COUNT(*) FROM (SELECT ROW_NUMBER() OVER (ORDER BY loan_id) AS rn FROM loans) WHERE rn = 1) AS f, (SELECT COUNT(*) FROM (SELECT ROW_NUMBER() OVER (ORDER BY loan_id) AS rn FROM loans) WHERE rn < 4 AND 2 >= rn) AS g FROM dual;
-- A | B | C | D | E | F | G
-- 2 | 2 | 2 | 2 | 3 | 1 | 2
