-- case: division is never cut
SELECT 7 / 2 AS a, 1 / 3 AS b, 10 / 4 * 2 AS c, -1 / 8 AS d, 2 / 3 AS e FROM dual;
-- A | B | C | D | E
-- 3.5 | 0.33333333333 | 5 | -0.125 | 0.66666666667

-- case: division of columns
SELECT book_id, price / pages AS a, pages / 7 AS b, pages / book_id AS c FROM books WHERE book_id IN (100, 102);
-- BOOK_ID | A | B | C
-- 100 | 0.0475714286 | 30 | 2.1
-- 102 | 0.0780487805 | 73.2142857143 | 5.0245098039

-- case: division by zero
SELECT fee / (fee - fee) FROM members WHERE member_id = 10;
-- error: ORA-01476

-- case: division by zero in rows that are not asked for
SELECT 10 / fee AS a FROM members WHERE fee <> 0 AND member_id = 10;
-- A
-- 0.3333333333

-- case: division by NULL
SELECT 1 / fee AS a, NULL / 2 AS b, NULL + 1 AS c FROM members WHERE member_id = 13;
-- A | B | C
-- NULL | NULL | NULL

-- case: halves are rounded away from zero
SELECT ROUND(2.5) AS a, ROUND(-2.5) AS b, ROUND(0.285, 2) AS c, ROUND(1250, -2) AS d, ROUND(-1250, -2) AS e, ROUND(99.995, 2) AS f, ROUND(5, -1) AS g, ROUND(4, -1) AS h, ROUND(999.5) AS i FROM dual;
-- A | B | C | D | E | F | G | H | I
-- 3 | -3 | 0.29 | 1300 | -1300 | 100 | 10 | 0 | 1000

-- case: a quotient that ends is rounded like the number it is
SELECT ROUND(fee * 0.114, 2) AS a, ROUND(2.01 / 2, 2) AS b, ROUND(4.5 / 2, 1) AS c, ROUND(fine / 10, 2) AS d FROM members JOIN loans USING (member_id) WHERE loan_id = 3;
-- A | B | C | D
-- 1.43 | 1.01 | 2.3 | 0.45

-- case: TRUNC of numbers
SELECT TRUNC(15.79) AS a, TRUNC(15.79, 1) AS b, TRUNC(-15.79) AS c, TRUNC(1579, -2) AS d, TRUNC(pages, -2) AS e, TRUNC(price, -1) AS f FROM books WHERE book_id = 102;
-- A | B | C | D | E | F
-- 15 | 15.7 | -15 | 1500 | 500 | 40

-- case: CEIL, FLOOR, ABS, SIGN
SELECT CEIL(1.1) AS a, CEIL(-1.1) AS b, FLOOR(-1.1) AS c, ABS(-3.5) AS d, SIGN(-2) AS e, SIGN(fee) AS f, CEIL(pages / 100) AS g FROM members, books WHERE member_id = 14 AND book_id = 100;
-- A | B | C | D | E | F | G
-- 2 | -1 | -2 | 3.5 | -1 | 0 | 3

-- case: MOD takes the sign of the dividend
SELECT MOD(11, 4) AS a, MOD(-11, 4) AS b, MOD(11, -4) AS c, MOD(11, 0) AS d, MOD(2.5, 1) AS e, MOD(member_id, 3) AS f FROM members WHERE member_id = 14;
-- A | B | C | D | E | F
-- 3 | -3 | 3 | 11 | 0.5 | 2

-- case: powers and roots
SELECT POWER(2, 10) AS a, POWER(1.1, 2) AS b, SQRT(16) AS c, POWER(4, -1) AS d, POWER(fee, 2) AS e, ROUND(SQRT(2), 6) AS f FROM members WHERE member_id = 11;
-- A | B | C | D | E | F
-- 1024 | 1.21 | 4 | 0.25 | 156.25 | 1.414214

-- case: the root of a negative number
SELECT SQRT(-1 * fee) FROM members WHERE member_id = 11;
-- error: ORA-01428

-- case: digits that are not known are never shown
SELECT 'x' || SQRT(fee) FROM members WHERE member_id = 11;
-- unsupported: text of a number

-- case: an endless quotient as text
SELECT TO_CHAR(fee / 7) AS a FROM members WHERE member_id = 11;
-- A
-- '1.78571428571428571428571428571428571429'

-- case: an endless number of days as text
SELECT TO_CHAR(DATE '2024-03-01' - joined) FROM members WHERE member_id = 11;
-- unsupported: text of a number

-- case: a quotient that ends as text
SELECT TO_CHAR(fee / 16) AS a FROM members WHERE member_id = 11;
-- A
-- '.78125'

-- case: cut exactly where digits are missing
SELECT FLOOR(pages / 9 * 9) FROM books WHERE book_id = 100;
-- unsupported: digits of a quotient that are not known

-- case: compared exactly where digits are missing
SELECT book_id FROM books WHERE pages / 9 * 9 = 210;
-- unsupported: digits of a quotient that are not known

-- case: large numbers stay exact
SELECT 123456789012345678 * 10 AS a, 99999999999 * 99999999999 AS b, 12345678901234567890 + 1 AS c FROM dual;
-- A | B | C
-- 1234567890123456780 | 9999999999800000000001 | 12345678901234567891

-- case: precedence
SELECT 2 + 3 * 4 AS a, 20 / 2 / 5 AS b, 7 - 3 - 2 AS c, -2 - -3 AS d, (2 + 3) * 4 AS e FROM dual;
-- A | B | C | D | E
-- 14 | 2 | 2 | 1 | 20

-- case: literals
SELECT 1e3 AS a, .5 AS b, 1.5E-2 AS c, 007 AS d, 5. AS e FROM dual;
-- A | B | C | D | E
-- 1000 | 0.5 | 0.015 | 7 | 5

-- case: CAST to NUMBER rounds
SELECT CAST('12.7' AS NUMBER(3)) AS a, CAST(2.345 AS NUMBER(5,2)) AS b, CAST(-2.5 AS INTEGER) AS c, CAST(price AS NUMBER(5,1)) AS d FROM books WHERE book_id = 100;
-- A | B | C | D
-- 13 | 2.35 | -3 | 10

-- case: CAST to too few digits
SELECT CAST(pages AS NUMBER(2)) FROM books WHERE book_id = 100;
-- error: ORA-01438

-- case: CAST to text cuts
SELECT CAST('abcdef' AS VARCHAR2(3)) AS a, CAST('ab' AS CHAR(4)) || '|' AS b, CAST(12.5 AS VARCHAR2(10)) AS c FROM dual;
-- A | B | C
-- 'abc' | 'ab  |' | '12.5'

-- case: TO_NUMBER
SELECT TO_NUMBER('12.5') AS a, TO_NUMBER(' 42') AS b, TO_NUMBER('1,234.5', '9,999.9') AS c, TO_NUMBER('$99', '$99') AS d, TO_NUMBER('') AS e, TO_NUMBER('1e2') AS f FROM dual;
-- A | B | C | D | E | F
-- 12.5 | 42 | 1234.5 | 99 | NULL | 100

-- case: TO_NUMBER of something else
SELECT TO_NUMBER('12,5') FROM dual;
-- error: ORA-01722

-- case: number formats
SELECT TO_CHAR(1234.5, '9,999.99') AS a, TO_CHAR(1234.5, 'FM9,999.99') AS b, TO_CHAR(0.5, '0.00') AS c, TO_CHAR(-7, '999') AS d, TO_CHAR(12, '0000') AS e, TO_CHAR(1234, '999') AS f, TO_CHAR(0, '999') AS g FROM dual;
-- A | B | C | D | E | F | G
-- ' 1,234.50' | '1,234.5' | ' 0.50' | '  -7' | ' 0012' | '####' | '   0'

-- case: number formats with signs and money
SELECT TO_CHAR(12, 'S999') AS a, TO_CHAR(-12, '999MI') AS b, TO_CHAR(12, '999MI') AS c, TO_CHAR(-12, '999PR') AS d, TO_CHAR(12.5, '$999.00') AS e, TO_CHAR(-12.5, '$999.00') AS f, TO_CHAR(12, '999S') AS g FROM dual;
-- A | B | C | D | E | F | G
-- ' +12' | ' 12-' | ' 12 ' | ' <12>' | '  $12.50' | ' -$12.50' | ' 12+'

-- case: number formats under FM
SELECT TO_CHAR(5, 'FM999.99') AS a, TO_CHAR(5.1, 'FM999.90') AS b, TO_CHAR(0, 'FM90.00') AS c, TO_CHAR(0.4, 'FM999') AS d, TO_CHAR(1234567, 'FM9,999,999') AS e FROM dual;
-- A | B | C | D | E
-- '5.' | '5.10' | '0.00' | '0' | '1,234,567'

-- case: number formats round, and overflow after rounding
SELECT TO_CHAR(2.345, '9.99') AS a, TO_CHAR(9.995, '9.99') AS b, TO_CHAR(price, '990.0') AS c, TO_CHAR(NULL, '9') AS d FROM books WHERE book_id = 100;
-- A | B | C | D
-- ' 2.35' | '#####' | '  10.0' | NULL

-- case: a number format that is none
SELECT TO_CHAR(5, '9Z9') FROM dual;
-- error: ORA-01481

-- case: a column with a number format
SELECT book_id, TO_CHAR(price, 'FM990.00') AS p FROM books WHERE book_id IN (100, 102, 104);
-- BOOK_ID | P
-- 100 | '9.99'
-- 102 | '40.00'
-- 104 | NULL

-- case: WIDTH_BUCKET and BITAND
SELECT book_id, WIDTH_BUCKET(price, 0, 40, 4) AS w, BITAND(book_id, 6) AS b FROM books WHERE price IS NOT NULL;
-- BOOK_ID | W | B
-- 100 | 1 | 4
-- 101 | 2 | 4
-- 102 | 5 | 6
-- 103 | 2 | 6
