-- case: an empty string is NULL, stored and written
SELECT COUNT(*) AS n, COUNT(email) AS e FROM members WHERE email IS NULL OR email = '';
-- N | E
-- 2 | 0

-- case: nothing equals an empty string, and nothing differs from it
SELECT member_id FROM members WHERE email = '' OR email <> '' OR NOT (email = '');
-- MEMBER_ID

-- case: concatenation leaves NULL out
SELECT name || '<' || email || '>' AS t FROM members WHERE member_id IN (11, 12);
-- T
-- 'Bela Kiss<>'
-- 'Cid o''Dea<CID@lib.example>'

-- case: concatenation of nothing but NULL
SELECT '' || NULL AS a, note || email AS b FROM loans JOIN members USING (member_id) WHERE loan_id = 2;
-- A | B
-- NULL | 'ann@lib.example'

-- case: numbers become text without blanks or outer zeros
SELECT 0.5 || '' AS a, 10.50 || 'x' AS b, fee || '/' || member_id AS c FROM members WHERE member_id = 11;
-- A | B | C
-- '.5' | '10.5x' | '12.5/11'

-- case: a negative fraction as text
SELECT TO_CHAR(-0.25) AS a, TO_CHAR(100) AS b, TO_CHAR(0) AS c, TO_CHAR(1e3) AS d FROM dual;
-- A | B | C | D
-- '-.25' | '100' | '0' | '1000'

-- case: a date as text is DD-MON-RR
SELECT 'on ' || taken AS t FROM loans WHERE loan_id = 5;
-- T
-- 'on 10-MAR-24'

-- case: SUBSTR from zero, from the end, and out of range
SELECT SUBSTR('winter', 0, 2) AS a, SUBSTR('winter', -3) AS b, SUBSTR('winter', -3, 2) AS c, SUBSTR('winter', -7) AS d, SUBSTR('winter', 9) AS e, SUBSTR('winter', 2, 0) AS f, SUBSTR('winter', 2, 99) AS g FROM dual;
-- A | B | C | D | E | F | G
-- 'wi' | 'ter' | 'te' | NULL | NULL | NULL | 'inter'

-- case: SUBSTR with positions from columns
SELECT book_id, SUBSTR(title, LENGTH(title) - 2) AS a, SUBSTR(title, -LENGTH(title), 1) AS b, SUBSTR(title, genre_id - 10) AS c FROM books WHERE book_id IN (100, 102);
-- BOOK_ID | A | B | C
-- 100 | 'ide' | 'L' | 'w Tide'
-- 102 | 'ars' | 'S' | NULL

-- case: INSTR with start and occurrence
SELECT INSTR('banana', 'a') AS a, INSTR('banana', 'a', 3) AS b, INSTR('banana', 'a', 1, 3) AS c, INSTR('banana', 'a', -1) AS d, INSTR('banana', 'a', -1, 2) AS e, INSTR('banana', 'x') AS f, INSTR('banana', 'a', -3) AS g, INSTR('banana', 'ana', 1, 2) AS h FROM dual;
-- A | B | C | D | E | F | G | H
-- 2 | 4 | 6 | 6 | 4 | 0 | 4 | 4

-- case: INSTR for nothing
SELECT INSTR('banana', '') AS a, INSTR(email, 'lib') AS b FROM members WHERE member_id = 14;
-- A | B
-- NULL | NULL

-- case: padding and cutting
SELECT LPAD('7', 3, '0') AS a, LPAD('abcd', 2) AS b, RPAD('ab', 5, 'xy') AS c, RPAD('ab', 4) || '|' AS d, LPAD('ab', 0) AS e, LPAD(7.5, 5, '*') AS f FROM dual;
-- A | B | C | D | E | F
-- '007' | 'ab' | 'abxyx' | 'ab  |' | NULL | '**7.5'

-- case: trimming
SELECT TRIM('  a b ') AS a, LTRIM('xxyab', 'xy') AS b, RTRIM('1.500', '0') AS c, TRIM(LEADING '0' FROM '0070') AS d, TRIM(BOTH '-' FROM '--x-') AS e, TRIM('   ') AS f, LTRIM('aaa', 'a') AS g FROM dual;
-- A | B | C | D | E | F | G
-- 'a b' | 'ab' | '1.5' | '70' | 'x' | NULL | NULL

-- case: TRIM takes one character
SELECT TRIM(BOTH 'xy' FROM 'xyz') FROM dual;
-- error: ORA-30001

-- case: REPLACE and TRANSLATE
SELECT REPLACE('a-b-c', '-') AS a, REPLACE('a-b', '-', '') AS b, REPLACE('aaa', 'aa', 'b') AS c, REPLACE('abc', NULL, 'z') AS d, TRANSLATE('2KRW', '0123KRW', 'abcdX') AS e, REPLACE('aa', 'a') AS f, TRANSLATE('abc', 'a', '') AS g FROM dual;
-- A | B | C | D | E | F | G
-- 'abc' | 'ab' | 'ba' | 'abc' | 'cX' | NULL | NULL

-- case: cases of letters, beyond ASCII too
SELECT UPPER(name) AS a, LOWER(name) AS b, INITCAP(UPPER(name)) AS c FROM members WHERE member_id IN (12, 13);
-- A | B | C
-- 'CID O''DEA' | 'cid o''dea' | 'Cid O''Dea'
-- 'DORA NÚÑEZ' | 'dora núñez' | 'Dora Núñez'

-- case: INITCAP begins a word after anything that is no letter or digit
SELECT INITCAP('mary-ann o''neil 3rd') AS a FROM dual;
-- A
-- 'Mary-Ann O''Neil 3rd'

-- case: LENGTH counts characters, LENGTHB bytes
SELECT LENGTH('Núñez') AS a, LENGTHB('Núñez') AS b, LENGTH('') AS c, LENGTH(-0.50) AS d FROM dual;
-- A | B | C | D
-- 5 | 7 | NULL | 3

-- case: LIKE is exact about case, and escapes
SELECT email FROM members WHERE email LIKE '%lib%' AND email LIKE '%!_n@%' ESCAPE '!';
-- EMAIL
-- 'dora_n@lib.example'

-- case: a backslash escapes nothing by itself
SELECT COUNT(*) AS n FROM members WHERE email LIKE '%\_n@%';
-- N
-- 0

-- case: LIKE with a number
SELECT book_id FROM books WHERE pages LIKE '%.5';
-- BOOK_ID
-- 102

-- case: NOT LIKE leaves NULL out
SELECT member_id FROM members WHERE email NOT LIKE '%ann%';
-- MEMBER_ID
-- 12
-- 13

-- case: an escape before an ordinary character
SELECT 1 FROM dual WHERE 'ab' LIKE '!ab' ESCAPE '!';
-- error: ORA-01424

-- case: CHAR is padded, and equal to a shorter literal
SELECT code, LENGTH(code) AS n FROM branches WHERE code = 'CE';
-- CODE | N
-- 'CE  ' | 4

-- case: CHAR against VARCHAR2 is compared with its blanks
SELECT COUNT(*) AS n FROM branches WHERE code = CAST('CE' AS VARCHAR2(4));
-- N
-- 0

-- case: CHAR in a list, in CASE and in DECODE
SELECT branch_id, CASE code WHEN 'CE' THEN 'c' END AS a, DECODE(code, 'CE', 'd', 'CE  ', 'p') AS b FROM branches WHERE code IN ('CE', 'HARB');
-- BRANCH_ID | A | B
-- 1 | 'c' | 'p'
-- 2 | NULL | NULL

-- case: UPPER of CHAR stays CHAR
SELECT branch_id FROM branches WHERE LOWER(code) = 'ce';
-- BRANCH_ID
-- 1

-- case: RTRIM makes VARCHAR2
SELECT branch_id FROM branches WHERE RTRIM(code) = 'CE' AND TRIM(code) || 'x' = 'CEx';
-- BRANCH_ID
-- 1

-- case: NVL and its relatives
SELECT member_id, NVL(fee, -1) AS a, NVL2(email, 'has', 'none') AS b, COALESCE(email, TO_CHAR(fee), '?') AS c, NULLIF(fee, 12.5) AS d FROM members WHERE member_id >= 11;
-- MEMBER_ID | A | B | C | D
-- 11 | 12.5 | 'none' | '12.5' | NULL
-- 12 | 12.5 | 'has' | 'CID@lib.example' | NULL
-- 13 | -1 | 'has' | 'dora_n@lib.example' | NULL
-- 14 | 0 | 'none' | '0' | 0

-- case: NVL converts its second argument to the type of the first
SELECT NVL(email, 0) || '!' AS a, NVL(fee, '7') + 1 AS b FROM members WHERE member_id IN (13, 14) ORDER BY member_id;
-- A | B (ordered)
-- 'dora_n@lib.example!' | 8
-- '0!' | 1

-- case: DECODE finds NULL
SELECT loan_id, DECODE(note, NULL, 'nothing', 'ok', 'fine', note) AS d FROM loans WHERE loan_id IN (1, 2, 3, 6);
-- LOAN_ID | D
-- 1 | 'fine'
-- 2 | 'nothing'
-- 3 | 'late'
-- 6 | 'nothing'

-- case: DECODE without a match or default is NULL
SELECT DECODE(5, 1, 'a', 2, 'b') AS a, DECODE(NULL, NULL, 1, 2) AS b, DECODE(2, 1, 'x', 3) AS c FROM dual;
-- A | B | C
-- NULL | 1 | '3'

-- case: a DECODE whose first result is NULL is text
SELECT DECODE(genre_id, 4, NULL, genre_id * 5) AS d FROM books WHERE genre_id IS NOT NULL ORDER BY 1;
-- D (ordered)
-- '15'
-- '25'
-- '30'
-- NULL

-- case: CASE may not mix types
SELECT CASE WHEN fee > 1 THEN 'much' ELSE fee END FROM members;
-- error: ORA-00932

-- case: CASE with NULL
SELECT CASE fee WHEN NULL THEN 'null' ELSE 'other' END AS a, CASE WHEN fee IS NULL THEN 'null' END AS b FROM members WHERE member_id = 13;
-- A | B
-- 'other' | 'null'

-- case: GREATEST and LEAST know NULL
SELECT GREATEST(1, 3, 2) AS a, LEAST(fee, 5) AS b, GREATEST(fee, 5) AS c, GREATEST('b', 'abc') AS d, GREATEST(9, '10') AS e FROM members WHERE member_id IN (11, 13) ORDER BY member_id;
-- A | B | C | D | E (ordered)
-- 3 | 5 | 12.5 | 'b' | 10
-- 3 | NULL | NULL | 'b' | 10

-- case: text meets a number as a number
SELECT member_id FROM members WHERE fee = '12.50' AND '11' = member_id;
-- MEMBER_ID
-- 11

-- case: text that is no number
SELECT member_id FROM members WHERE name > 5;
-- error: ORA-01722

-- case: text against text is compared as text
SELECT CASE WHEN '10' < '9' THEN 'text' END AS a, CASE WHEN '10' < 9 THEN 'x' ELSE 'number' END AS b FROM dual;
-- A | B
-- 'text' | 'number'

-- case: a column of text as a number
SELECT TO_NUMBER(SUBSTR(title, 1, 1)) FROM books WHERE book_id = 100;
-- error: ORA-01722

-- case: q-quotes and national text
SELECT q'[it's]' AS a, N'ñ' AS b, q'!a'b!' AS c FROM dual;
-- A | B | C
-- 'it''s' | 'ñ' | 'a''b'

-- case: ASCII and CHR
SELECT ASCII('A') AS a, CHR(66) || 'x' AS b, ASCII('') AS c FROM dual;
-- A | B | C
-- 65 | 'Bx' | NULL

-- case: ASCII beyond 127 gives the bytes in AL32UTF8
SELECT ASCII(SUBSTR(name, 7, 1)) AS a FROM members WHERE member_id = 13;
-- A
-- 50106

-- case: NOT IN with a NULL in the list finds nothing
SELECT member_id FROM members WHERE member_id NOT IN (10, NULL);
-- MEMBER_ID

-- case: NOT IN a subquery with a NULL finds nothing
SELECT member_id FROM members WHERE member_id NOT IN (SELECT referrer_id FROM members);
-- MEMBER_ID

-- case: NOT EXISTS is not disturbed by NULL
SELECT member_id FROM members m WHERE NOT EXISTS (SELECT 1 FROM members r WHERE r.referrer_id = m.member_id);
-- MEMBER_ID
-- 12
-- 14

-- case: LNNVL is true for false and unknown
SELECT member_id FROM members WHERE LNNVL(fee > 12);
-- MEMBER_ID
-- 13
-- 14

-- case: LNNVL takes no compound condition
SELECT member_id FROM members WHERE LNNVL((fee > 12 AND branch_id = 1));
-- unsupported: LNNVL of a condition with AND

-- case: concatenation binds as a sum does, from left to right
SELECT '5' || 5 + 1 AS a, 1 + 1 || 2 AS b, 'x' || (1 + 1) || 'y' AS c, 2 || 3 * 4 AS d, 1 || 2 - 3 || 4 AS e FROM dual;
-- A | B | C | D | E
-- 56 | '22' | 'x2y' | '212' | '94'

-- case: a sum after text
SELECT 'a' || 1 + 1 FROM dual;
-- error: ORA-01722

-- case: blanks alone, padded and not
SELECT CASE WHEN ' ' = '   ' THEN 'same' END AS a, CASE WHEN name || ' ' = name THEN 'same' ELSE 'other' END AS b FROM members WHERE member_id = 10;
-- A | B
-- 'same' | 'other'

-- case: a longer list with NULL in it finds what it finds
SELECT member_id FROM members WHERE fee IN (0, NULL, 30);
-- MEMBER_ID
-- 10
-- 14

-- case: NVL of a date and a text that is none
SELECT NVL(joined, 'none') FROM members;
-- error: ORA-01858

-- case: COALESCE converts nothing
SELECT COALESCE(fee, 'a') FROM members;
-- error: ORA-00932

-- case: `||` of more than 4000 bytes
SELECT RPAD('x', 3999, 'x') || 'ł' AS t FROM dual;
-- error: ORA-01489

-- case: CONCAT of more than 4000 bytes
SELECT CONCAT(RPAD('x', 4000, 'x'), name) AS t FROM branches;
-- error: ORA-01489

-- case: 4000 bytes fit
SELECT LENGTH(RPAD('x', 3998, 'x') || 'ł') AS n FROM dual;
-- N
-- 3999

-- case: a CLOB is longer
SELECT LENGTH(TO_CLOB(RPAD('x', 4000, 'x')) || 'y') AS n FROM dual;
-- N
-- 4001
