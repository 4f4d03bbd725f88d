-- case: a quotient has 20 digits to the base 100
SELECT TO_CHAR(1/3) AS a, TO_CHAR(2/3) AS b, TO_CHAR(10/3) AS c, TO_CHAR(100/3) AS d, TO_CHAR(5/3) AS e, TO_CHAR(1/19) AS f, TO_CHAR(1/19*19) AS g, TO_CHAR(1/190*190) AS h FROM dual;
-- A | B | C | D | E | F | G | H
-- '.3333333333333333333333333333333333333333' | '.6666666666666666666666666666666666666667' | '3.33333333333333333333333333333333333333' | '33.33333333333333333333333333333333333333' | '1.66666666666666666666666666666666666667' | '.0526315789473684210526315789473684210526' | '.9999999999999999999999999999999999999994' | '1'

-- case: numbers of many digits
SELECT TO_CHAR(99999999999999999999*99999999999999999999) AS a, 123456789012345678901234567890.12 AS b, TO_CHAR(12345678901234567890.123456789) AS c, POWER(10,37) AS d, 99999999999999999999999999999999999999 + 1 AS e, 1e-131 AS f FROM dual;
-- A | B | C | D | E | F
-- '9999999999999999999800000000000000000001' | 123456789012345678901234567890.12 | '12345678901234567890.123456789' | 10000000000000000000000000000000000000 | 100000000000000000000000000000000000000 | 0

-- case: numbers of many digits (2)
SELECT 1e126 FROM dual;
-- error: ORA-01426

-- case: numbers of many digits (3)
SELECT 1e125*10 FROM dual;
-- error: ORA-01426

-- case: numbers of many digits (4)
SELECT POWER(10,130) FROM dual;
-- error: ORA-01426

-- case: numbers of many digits (5)
SELECT EXP(1000) FROM dual;
-- error: ORA-01426

-- case: numbers of many digits (6)
SELECT POWER(book_id,100) FROM books WHERE book_id=100;
-- error: ORA-01426

-- case: numbers of many digits (7)
SELECT book_id*1e30*1e30 FROM books;
-- unsupported: out of the embedded engine's range

-- case: a sum behind an exponent is a sum
SELECT 2*1e3+1 AS a, 1e3-1 AS b, 1E3+1E2 AS c FROM dual;
-- A | B | C
-- 2001 | 999 | 1100

-- case: CAST to numbers of any scale
SELECT CAST(1234.567 AS NUMBER(6,-2)) AS a, CAST(149 AS NUMBER(1,-2)) AS b, CAST(0.00129 AS NUMBER(2,4)) AS c, CAST(12.5 AS NUMBER(*,0)) AS d, CAST(12.5 AS NUMBER(*)) AS e, CAST(2.5 AS SMALLINT) AS f, CAST(12.79 AS FLOAT(5)) AS g, CAST(123.45 AS FLOAT(5)) AS h, CAST(123.456 AS FLOAT) AS i, CAST(1234.567 AS REAL) AS j, CAST(1234.5 AS DOUBLE PRECISION) AS k FROM dual;
-- A | B | C | D | E | F | G | H | I | J | K
-- 1200 | 100 | 0.0013 | 13 | 12.5 | 3 | 13 | 120 | 123.456 | 1234.567 | 1234.5

-- case: CAST to numbers of any scale (2)
SELECT CAST(99999 AS NUMBER(4)) FROM dual;
-- error: ORA-01438

-- case: CAST to numbers of any scale (3)
SELECT CAST(0.0129 AS NUMBER(2,4)) FROM dual;
-- error: ORA-01438

-- case: CAST to numbers of any scale (4)
SELECT CAST(1 AS NUMBER(0)) FROM dual;
-- error: ORA-01727

-- case: CAST to numbers of any scale (5)
SELECT CAST(1 AS NUMBER(39)) FROM dual;
-- error: ORA-01727

-- case: CAST to numbers of any scale (6)
SELECT CAST(1 AS FLOAT(127)) FROM dual;
-- error: ORA-01724

-- case: CAST to numbers of any scale (7)
SELECT CAST(DATE '2024-01-01' AS NUMBER) FROM dual;
-- error: ORA-00932

-- case: CAST to numbers of any scale (8)
SELECT CAST(fee AS NUMBER(3,2)) FROM members WHERE member_id=11;
-- error: ORA-01438

-- case: CAST to numbers of any scale (9)
SELECT CAST(fee/7 AS NUMBER(6,2)) AS a FROM members WHERE member_id=11;
-- A
-- 1.79

-- case: CAST to numbers of any scale (10)
SELECT CAST(SQRT(fee) AS NUMBER(6,3)) AS a FROM members WHERE member_id=11;
-- A
-- 3.536

-- case: ROUND and TRUNC to a number of digits that differs
SELECT ROUND(5, '1') AS a, ROUND(1.25, -0.9) AS b, ROUND(2.567, 1.9) AS c FROM dual;
-- A | B | C
-- 5 | 1 | 2.6

-- case: ROUND and TRUNC to a number of digits that differs (2)
SELECT ROUND(price*100, 100-book_id) AS a FROM books WHERE book_id<=102;
-- A
-- 999
-- 1450
-- 4000

-- case: ROUND and TRUNC to a number of digits that differs (3)
SELECT ROUND(123.456, book_id-102) AS a FROM books;
-- A
-- 100
-- 120
-- 123
-- 123.5
-- 123.46

-- case: ROUND and TRUNC to a number of digits that differs (4)
SELECT TRUNC(-123.456, book_id-102) AS a FROM books;
-- A
-- -100
-- -120
-- -123
-- -123.4
-- -123.45

-- case: ROUND and TRUNC to a number of digits that differs (5)
SELECT ROUND(price/7, book_id-100) AS a FROM books WHERE price IS NOT NULL;
-- A
-- 1
-- 2.1
-- 5.71
-- 2.071

-- case: ROUND and TRUNC to a number of digits that differs (6)
SELECT ROUND(fee, NULL) AS a FROM members WHERE member_id=11;
-- A
-- NULL

-- case: REMAINDER is to the nearest multiple
SELECT REMAINDER(10,3) AS a, REMAINDER(11,3) AS b, REMAINDER(-10,3) AS c, REMAINDER(5.25,2) AS d, REMAINDER(NULL,2) AS e FROM dual;
-- A | B | C | D | E
-- 1 | -1 | -1 | -0.75 | NULL

-- case: REMAINDER is to the nearest multiple (2)
SELECT REMAINDER(5,0) FROM dual;
-- error: ORA-01476

-- case: REMAINDER is to the nearest multiple (3)
SELECT REMAINDER(7,2) FROM dual;
-- unsupported: REMAINDER halfway

-- case: REMAINDER is to the nearest multiple (4)
SELECT REMAINDER(book_id, 7) AS a FROM books;
-- A
-- 2
-- 3
-- -3
-- -2
-- -1

-- case: bits and buckets
SELECT BITAND(-1,7) AS a, BITAND(5.9,3) AS b, BIN_TO_NUM(1,1,1,1,0,1) AS c, WIDTH_BUCKET(5,10,0,5) AS d, WIDTH_BUCKET(10,10,0,5) AS e, WIDTH_BUCKET(0,10,0,5) AS f, WIDTH_BUCKET(10,0,10,5) AS g, WIDTH_BUCKET(NULL,0,10,5) AS h FROM dual;
-- A | B | C | D | E | F | G | H
-- 7 | 1 | 61 | 3 | 1 | 6 | 6 | NULL

-- case: bits and buckets (2)
SELECT BIN_TO_NUM(2) FROM dual;
-- error: ORA-01428

-- case: bits and buckets (3)
SELECT WIDTH_BUCKET(5,0,10,0) FROM dual;
-- error: ORA-30494

-- case: bits and buckets (4)
SELECT WIDTH_BUCKET(price, 0, book_id, 5) AS a FROM books WHERE price IS NOT NULL;
-- A
-- 1
-- 1
-- 2
-- 1

-- case: bits and buckets (5)
SELECT BIN_TO_NUM(1, book_id-100) AS a FROM books WHERE book_id IN (100,101);
-- A
-- 2
-- 3

-- case: functions of real numbers
SELECT ATAN2(1,1) AS a, SINH(0) AS b, COSH(0) AS c, TANH(0) AS d, LOG(2,8) AS e, POWER(3,-1) AS f FROM dual;
-- A | B | C | D | E | F
-- 0.7853981634 | 0 | 1 | 0 | 3 | 0.33333333333

-- case: functions of real numbers (2)
SELECT ATAN2(0,0) FROM dual;
-- error: ORA-01428

-- case: functions of real numbers (3)
SELECT LOG(1,5) FROM dual;
-- error: ORA-01428

-- case: functions of real numbers (4)
SELECT LN(0) FROM dual;
-- error: ORA-01428

-- case: functions of real numbers (5)
SELECT POWER(-8,1/3) FROM dual;
-- error: ORA-01428

-- case: functions of real numbers (6)
SELECT POWER(0,-1) FROM dual;
-- error: ORA-01428

-- case: functions of real numbers (7)
SELECT ASIN(2) FROM dual;
-- error: ORA-01428

-- case: dividing NULL by zero
SELECT price/0 AS a FROM books WHERE book_id=104;
-- A
-- NULL

-- case: dividing NULL by zero (2)
SELECT SUM(fee)/0 FROM members;
-- error: ORA-01476

-- case: text and numbers meet as numbers
SELECT '5' + 3 AS a, '10' * '2.5' AS b, 5 || 3 AS c, ABS('-5') AS d, CASE WHEN '10' > 9 THEN 1 ELSE 0 END AS e, CASE WHEN '10' > '9' THEN 1 ELSE 0 END AS f, GREATEST('10',9) AS g, LEAST(10,'9') AS h FROM dual;
-- A | B | C | D | E | F | G | H
-- 8 | 25 | '53' | 5 | 1 | 0 | '9' | 9

-- case: text and numbers meet as numbers (2)
SELECT 'a' + 1 FROM dual;
-- error: ORA-01722

-- case: text and numbers meet as numbers (3)
SELECT GREATEST(5,'apple') FROM dual;
-- error: ORA-01722

-- case: text and numbers meet as numbers (4)
SELECT NULLIF(5, '5') FROM dual;
-- error: ORA-00932

-- case: text and numbers meet as numbers (5)
SELECT ABS(DATE '2024-01-01') FROM dual;
-- error: ORA-00932

-- case: text and numbers meet as numbers (6)
SELECT COUNT(*) AS a FROM books WHERE price BETWEEN '9' AND '15';
-- A
-- 3

-- case: text and numbers meet as numbers (7)
SELECT COUNT(*) FROM books WHERE title > 5;
-- error: ORA-01722

-- case: text and numbers meet as numbers (8)
SELECT COUNT(*) FROM books WHERE title IN (1,2);
-- error: ORA-01722

-- case: text and numbers meet as numbers (9)
SELECT SUM(name) FROM members;
-- error: ORA-01722

-- case: IEEE arithmetic of binary numbers
SELECT CASE WHEN 1d/0 = BINARY_DOUBLE_INFINITY THEN 1 ELSE 0 END AS a, CASE WHEN 0d/0 = 0d/0 THEN 1 ELSE 0 END AS b, CASE WHEN BINARY_DOUBLE_NAN > 1e300d THEN 1 ELSE 0 END AS c, CASE WHEN 0d/0 IS NAN THEN 1 ELSE 0 END AS d, CASE WHEN 1 IS NOT NAN THEN 1 ELSE 0 END AS e, CASE WHEN -1f/0 IS INFINITE THEN 1 ELSE 0 END AS f, CASE WHEN NULL IS NAN THEN 1 ELSE 0 END AS g, CASE WHEN 2*1.5d+1 = 4 THEN 1 ELSE 0 END AS h, TO_NUMBER(1.5d) AS i, SIGN(-2d) AS j, TO_CHAR(1.26d,'0.0') AS k, NANVL('3', 5) AS l FROM dual;
-- A | B | C | D | E | F | G | H | I | J | K | L
-- 1 | 1 | 1 | 1 | 1 | 1 | 0 | 1 | 1.5 | -1 | ' 1.3' | 3

-- case: the sign of a binary number, and of none
SELECT SIGN(x) AS a, SIGN(-x) AS b, SIGN(x - x) AS c, SIGN(NULLIF(x, x)) AS d FROM (SELECT 2.5d AS x FROM dual);
-- A | B | C | D
-- 1 | -1 | 1 | NULL

-- case: IEEE arithmetic of binary numbers (2)
SELECT TO_NUMBER(1d/0) FROM dual;
-- error: ORA-01426

-- case: IEEE arithmetic of binary numbers (3)
SELECT TO_BINARY_DOUBLE('x') FROM dual;
-- error: ORA-01722

-- case: IEEE arithmetic of binary numbers (4)
SELECT 1.5d || '' FROM dual;
-- unsupported: the text of a BINARY_DOUBLE

-- case: binary numbers beside columns
SELECT member_id, CAST(TO_BINARY_DOUBLE(fee) * 2 AS NUMBER) AS a, CAST(CEIL(TO_BINARY_FLOAT(fee)) AS NUMBER) AS b, CAST(ROUND(2.5d) AS NUMBER) AS c, CAST(NANVL(0d/0, fee) AS NUMBER) AS d FROM members WHERE member_id IN (10, 11, 13);
-- MEMBER_ID | A | B | C | D
-- 10 | 60 | 30 | 2 | 30
-- 11 | 25 | 13 | 2 | 12.5
-- 13 | NULL | NULL | 2 | NULL

-- case: aggregates of binary numbers
SELECT CAST(SUM(TO_BINARY_DOUBLE(fee)) AS NUMBER) AS s, CAST(AVG(TO_BINARY_DOUBLE(fee)) AS NUMBER) AS a, CAST(MAX(TO_BINARY_DOUBLE(fee)) AS NUMBER) AS m FROM members WHERE fee = 12.5d OR fee IN (30f);
-- S | A | M
-- 55 | 18.3333333333 | 30

-- case: ranks by a quotient, a rounded one and text as a number
SELECT book_id, RANK() OVER (ORDER BY pages / price) AS a, RANK() OVER (ORDER BY ROUND(pages / 7, 2)) AS b, RANK() OVER (ORDER BY TO_NUMBER(TO_CHAR(price))) AS c, RANK() OVER (ORDER BY CAST(price AS NUMBER(5, 1))) AS d FROM books WHERE book_id IN (100, 101, 102);
-- BOOK_ID | A | B | C | D
-- 100 | 2 | 1 | 1 | 1
-- 101 | 3 | 2 | 2 | 2
-- 102 | 1 | 3 | 3 | 3

-- case: a rank by a quotient that does not exist
SELECT RANK() OVER (ORDER BY pages / (price - price)) FROM books;
-- error: ORA-01476

-- case: all digits of a quotient as text
SELECT pages / 9 || 'x' AS a, TO_CHAR(pages / -9) AS b, TO_CHAR(price / pages) AS c, LENGTH(price / 7) AS d, TO_CHAR(1 / (book_id - 81)) AS e, TO_CHAR(price / 8) AS f FROM books WHERE book_id = 100;
-- A | B | C | D | E | F
-- '23.33333333333333333333333333333333333333x' | '-23.33333333333333333333333333333333333333' | '.0475714285714285714285714285714285714286' | 40 | '.0526315789473684210526315789473684210526' | '1.24875'

-- case: all digits of a quotient of aggregates
SELECT TO_CHAR(SUM(fee) / 3) AS a, COUNT(*) / 3 || '%' AS b FROM members;
-- A | B
-- '18.33333333333333333333333333333333333333' | '1.66666666666666666666666666666666666667%'

-- case: a quotient that would need more than forty places as text
SELECT TO_CHAR(1 / book_id) FROM books WHERE book_id = 102;
-- unsupported: more than 40 places

-- case: an endless quotient handed on by a subquery as text
SELECT TO_CHAR(r) AS t FROM (SELECT price / 7 AS r FROM books WHERE book_id = 100);
-- T
-- '1.42714285714285714285714285714285714286'

-- case: a product with a quotient meets the same number from elsewhere
SELECT 29 / (book_id - 50) * 10 AS a FROM books WHERE book_id = 100 UNION SELECT 5.8 FROM dual UNION SELECT 29 / (book_id - 50) / 4 * 40 FROM books WHERE book_id = 100;
-- A
-- 5.8

-- case: a product with a quotient behind IN and in DISTINCT
SELECT COUNT(*) AS a FROM books WHERE 29 / (book_id - 50) * 10 IN (SELECT 5.8 FROM dual) OR 5.8 IN (SELECT 29 / (b.book_id - 50) * 10 FROM books b WHERE b.book_id = 99);
-- A
-- 1

-- case: a quotient of a view equals a number with an end, whatever the sign of its divisor
WITH q AS (SELECT 6 AS n, -3 AS d, -2 AS x FROM dual UNION ALL SELECT 7, 2, 3.5 FROM dual UNION ALL SELECT -1, -3, 0.33333333333333333333 FROM dual UNION ALL SELECT 1, -3, -0.33333333333333333333 FROM dual), v AS (SELECT n, d, x, n / d AS z FROM q) SELECT n, d, CASE WHEN z = x THEN 'equal' WHEN z < x THEN 'less' ELSE 'greater' END AS c FROM v ORDER BY n;
-- N | D | C (ordered)
-- -1 | -3 | 'greater'
-- 1 | -3 | 'less'
-- 6 | -3 | 'equal'
-- 7 | 2 | 'equal'

-- case: all digits of an average that a view computed
SELECT TO_CHAR(a) AS t, ROUND(a, 3) AS r FROM (SELECT AVG(pages) AS a FROM books WHERE book_id < 103);
-- T | R
-- '351.833333333333333333333333333333333333' | 351.833

-- case: a divisor of zero in a view
SELECT COUNT(*) FROM (SELECT pages / (book_id - 100) AS q FROM books) WHERE q > 1;
-- error: ORA-01476

-- case: a hundredfold quotient keeps its digits
SELECT TO_CHAR(price / pages * 100) AS a, ROUND(price / pages * 100, 2) AS b FROM books WHERE book_id = 100;
-- A | B
-- '4.75714285714285714285714285714285714286' | 4.76

-- case: an average meets a quotient in a set operation
SELECT AVG(price) AS a FROM books UNION SELECT price / 2 FROM books WHERE book_id = 100;
-- A
-- 4.995
-- 19.7475

-- case: quotients taken away from quotients
SELECT price / pages AS a FROM books WHERE price IS NOT NULL MINUS SELECT 2 * price / (pages * 2) FROM books WHERE book_id <> 100;
-- A
-- 0.0475714286

-- case: years and months from MOD of a number of months with a fraction
SELECT member_id, TRUNC(MONTHS_BETWEEN(DATE '2024-06-15', joined) / 12) AS y, TRUNC(MOD(MONTHS_BETWEEN(DATE '2024-06-15', joined), 12)) AS m FROM members ORDER BY member_id;
-- MEMBER_ID | Y | M (ordered)
-- 10 | 4 | 4
-- 11 | 3 | 3
-- 12 | 1 | 11
-- 13 | 1 | 5
-- 14 | 0 | 3

-- case: MOD of a quotient
SELECT book_id, ROUND(MOD(pages / 7, 2), 6) AS r, ROUND(MOD(-pages / 7, 2), 6) AS n, ROUND(MOD(pages / 7, 0), 6) AS z FROM books ORDER BY book_id;
-- BOOK_ID | R | N | Z (ordered)
-- 100 | 0 | 0 | 30
-- 101 | 1.571429 | -1.571429 | 47.571429
-- 102 | 1.214286 | -1.214286 | 73.214286
-- 103 | NULL | NULL | NULL
-- 104 | 0.857143 | -0.857143 | 12.857143

-- case: MOD whose result hangs on digits of a quotient that are not known
SELECT MOD(fine / 3 * 3, 1) FROM loans WHERE loan_id = 8;
-- unsupported: a decision by digits of a quotient that are not known

-- case: MOD by a quotient
SELECT MOD(pages, price / 3) FROM books;
-- unsupported: MOD by a number that is not exact

-- case: a quotient by a number of days that ends on a half
SELECT loan_id, ROUND(fine / NULLIF(returned - taken - 2, 0), 4) AS r FROM loans WHERE loan_id IN (3, 5) ORDER BY loan_id;
-- LOAN_ID | R (ordered)
-- 3 | 0.1607
-- 5 | 0.1563

-- case: a quotient by an average that ends on a half
SELECT ROUND(75 / AVG(pages)) AS r FROM books WHERE book_id IN (100, 104);
-- R
-- 1

-- case: the text of a half that a view hands on, of 13 digits
SELECT TO_CHAR(half) AS t FROM (SELECT CAST(x AS NUMBER(13)) / y AS half FROM (SELECT 1234567890123 AS x, 2 AS y FROM dual));
-- T
-- '617283945061.5'
