-- case: letters become capitals one by one
SELECT UPPER('straße ñ') AS a, LOWER('ÀÉI') AS b, NLS_UPPER('ab') AS c, NLS_LOWER('AB', 'NLS_SORT = BINARY') AS d FROM dual;
-- A | B | C | D
-- 'STRAßE Ñ' | 'àéi' | 'AB' | 'ab'

-- case: a linguistic sort
SELECT NLS_UPPER('große', 'NLS_SORT = XGerman') AS a FROM dual;
-- unsupported: linguistic sort

-- case: INITCAP begins a word behind all but letters and digits
SELECT INITCAP('mary-jane o''dea') AS a, INITCAP('2nd ROW_NUM x3y') AS b, INITCAP('élan vital') AS c, INITCAP(TRIM(code)) AS d FROM branches WHERE branch_id = 2;
-- A | B | C | D
-- 'Mary-Jane O''Dea' | '2nd Row_Num X3y' | 'Élan Vital' | 'Harb'

-- case: LPAD and RPAD with more than one character
SELECT LPAD('7', 5, 'ab') AS a, RPAD('7', 4, 'ab') AS b, LPAD('abc', 2, 'x') AS c, LPAD('a', -1) AS d, RPAD('a', 3, '') AS e, LPAD('é', 3, '.') AS f FROM dual;
-- A | B | C | D | E | F
-- 'abab7' | '7aba' | 'ab' | NULL | NULL | '..é'

-- case: LPAD to a length of a column
SELECT branch_id, LPAD('|', branch_id, '-') AS a, RPAD('ab', branch_id - 1) AS b FROM branches ORDER BY branch_id;
-- BRANCH_ID | A | B (ordered)
-- 1 | '|' | NULL
-- 2 | '-|' | 'a'
-- 3 | '--|' | 'ab'

-- case: LPAD of letters that take two columns
SELECT LPAD('日本', 6, '*') AS a FROM dual;
-- unsupported: one column wide

-- case: TRIM of a character that is not a literal
SELECT TRIM(BOTH SUBSTR(name, 1, 1) FROM name) AS a, TRIM(TRAILING 'e' FROM name) AS b FROM members WHERE member_id = 14;
-- A | B
-- 'van Roe' | 'Evan Ro'

-- case: TRIM of more than one character
SELECT TRIM(SUBSTR(name, 1, 2) FROM name) AS a FROM members;
-- error: ORA-30001

-- case: LTRIM and RTRIM take any of a set
SELECT LTRIM('xyxXy', 'yx') AS a, RTRIM('2.5000', '0') AS b, LTRIM('007', '0') AS c, RTRIM('aaa', 'a') AS d, LTRIM('abc', '') AS e, LTRIM(' a ') || '|' AS f FROM dual;
-- A | B | C | D | E | F
-- 'Xy' | '2.5' | '7' | NULL | NULL | 'a |'

-- case: TRANSLATE letter by letter, the first mapping counts
SELECT TRANSLATE('banana', 'anb', 'AN') AS a, TRANSLATE('abcabc', 'aab', 'xyz') AS b, TRANSLATE('a1b22', '0123456789', ' ') AS c, TRANSLATE('abc', 'abc', '') AS d, TRANSLATE('a1b2', 'a0123456789', 'a') AS e FROM dual;
-- A | B | C | D | E
-- 'ANANA' | 'xzcxzc' | 'ab' | NULL | 'ab'

-- case: REPLACE by nothing and of nothing
SELECT REPLACE('banana', 'an', '') AS a, REPLACE('banana', 'an') AS b, REPLACE('banana', '', 'x') AS c, REPLACE('aa', 'a') AS d, REPLACE(NULL, 'a', 'b') AS e, REPLACE('aaa', 'aa', 'b') AS f FROM dual;
-- A | B | C | D | E | F
-- 'ba' | 'ba' | 'banana' | NULL | NULL | 'ba'

-- case: INSTR with positions and occurrences from columns
SELECT member_id, INSTR(name, 'e', 1, member_id - 9) AS a, INSTR(name, 'n', 9 - member_id) AS b, INSTR('aaa', 'aa', 1, member_id - 9) AS c FROM members WHERE member_id < 13 ORDER BY member_id;
-- MEMBER_ID | A | B | C (ordered)
-- 10 | 9 | 8 | 1
-- 11 | 0 | 0 | 2
-- 12 | 0 | 0 | 0

-- case: INSTR of later and of last occurrences
SELECT INSTR('a-b-c-d', '-', 1, 3) AS a, INSTR('a-b-c-d', '-', -1) AS b, INSTR('a-b-c-d', '-', -1, 3) AS c, INSTR('a-b-c-d', '-', 3, 1) AS d, INSTR('a-b-c-d', '-', 1, 4) AS e, INSTR('aaaa', 'aa', 1, 3) AS f, INSTR('aaaa', 'aa', -1, 1) AS g, INSTR('abc', 'c', 9) AS h FROM dual;
-- A | B | C | D | E | F | G | H
-- 6 | 6 | 2 | 4 | 0 | 3 | 3 | 0

-- case: INSTR for occurrence zero
SELECT INSTR('abc', 'a', 1, member_id - 10) AS a FROM members;
-- error: ORA-01428

-- case: SOUNDEX of names
SELECT SOUNDEX('Robert') AS a, SOUNDEX('Rupert') AS b, SOUNDEX('Tymczak') AS c, SOUNDEX('Pfister') AS d, SOUNDEX('Ashcraft') AS e, SOUNDEX('Lee') AS f, SOUNDEX('o''Dea') AS g, SOUNDEX('') AS h, SOUNDEX('42') AS i FROM dual;
-- A | B | C | D | E | F | G | H | I
-- 'R163' | 'R163' | 'T522' | 'P236' | 'A261' | 'L000' | 'O300' | NULL | NULL

-- case: names that sound alike
SELECT name FROM members WHERE SOUNDEX(SUBSTR(name, 1, 4)) = SOUNDEX('Beela');
-- NAME
-- 'Bela Kiss'

-- case: SOUNDEX of letters beyond ASCII
SELECT SOUNDEX(name) AS a FROM members WHERE member_id = 13;
-- unsupported: SOUNDEX

-- case: characters and their numbers
SELECT ASCII('A') AS a, ASCII('é') AS b, ASCII('€uro') AS c, ASCII('') AS d, CHR(66) AS e, CHR(50089) AS f, CHR(48.9) AS g, NCHR(241) AS h, LENGTH(CHR(10) || CHR(13)) AS i FROM dual;
-- A | B | C | D | E | F | G | H | I
-- 65 | 50089 | 14844588 | NULL | 'B' | 'é' | '0' | 'ñ' | 2

-- case: CHR of a column
SELECT CHR(member_id + 55) AS a FROM members WHERE member_id < 12;
-- A
-- 'A'
-- 'B'

-- case: CHR of half a character
SELECT CHR(233) AS a FROM dual;
-- unsupported: CHR(233)

-- case: UNISTR and ASCIISTR
SELECT UNISTR('\00e9t\00E9') AS a, UNISTR('a\\b') AS b, UNISTR('\D83D\DE00') AS c, ASCIISTR('été\') AS d, ASCIISTR(UNISTR('\D83D\DE00')) AS e FROM dual;
-- A | B | C | D | E
-- 'été' | 'a\b' | '😀' | '\00E9t\00E9\005C' | '\D83D\DE00'

-- case: UNISTR with a wrong escape
SELECT UNISTR('\00g0') AS a FROM dual;
-- error: ORA-30186

-- case: bytes of text
SELECT LENGTHB('Núñez') AS a, LENGTH('Núñez') AS b, SUBSTRB('Kiss', -2) AS c, INSTRB('Kiss', 's', -1) AS d, VSIZE('ñ') AS e, VSIZE(joined) AS f, DUMP('Ab') AS g, DUMP(name, 16) AS h FROM members WHERE member_id = 14;
-- A | B | C | D | E | F | G | H
-- 7 | 5 | 'ss' | 4 | 2 | 7 | 'Typ=96 Len=2: 65,98' | 'Typ=1 Len=8: 45,76,61,6e,20,52,6f,65'

-- case: bytes of text that are not characters
SELECT SUBSTRB(name, 1, 7) AS a FROM members WHERE member_id = 13;
-- unsupported: SUBSTRB

-- case: REVERSE of text
SELECT REVERSE('abc') AS a, REVERSE(email) AS b FROM members WHERE member_id = 14;
-- A | B
-- 'cba' | NULL

-- case: CAST cuts text and pads CHAR
SELECT CAST('winter' AS VARCHAR2(3)) AS a, CAST('ab' AS CHAR(4)) AS b, CAST('winter' AS CHAR(2)) AS c, CAST(name AS VARCHAR2(4)) AS d, CAST(name AS CHAR(10 CHAR)) AS e, CAST('' AS VARCHAR2(3)) AS f, CAST('x' AS CHAR) AS g FROM members WHERE member_id = 14;
-- A | B | C | D | E | F | G
-- 'win' | 'ab  ' | 'wi' | 'Evan' | 'Evan Roe  ' | NULL | 'x'

-- case: CAST of numbers and dates to text
SELECT CAST(12.50 AS VARCHAR2(4)) AS a, CAST(fee AS VARCHAR2(10)) AS b, CAST(7 AS CHAR(3)) AS c, CAST(joined AS VARCHAR2(9)) AS d FROM members WHERE member_id = 11;
-- A | B | C | D
-- '12.5' | '12.5' | '7  ' | '28-FEB-21'

-- case: a timestamp with a time zone in too short a text
SELECT CAST(FROM_TZ(CAST(joined AS TIMESTAMP), '+02:00') AS VARCHAR2(5)) FROM members;
-- unsupported: CAST of TIMESTAMP WITH TIME ZONE to text

-- case: an interval in too short a text
SELECT CAST(TO_DSINTERVAL('3 04:05:06') AS VARCHAR2(5)) FROM members;
-- unsupported: CAST of INTERVAL DAY TO SECOND to text

-- case: CAST of a number to text that is too short
SELECT CAST(12345 AS VARCHAR2(3)) AS a FROM dual;
-- error: ORA-25137

-- case: CAST of a number of a column to text that is too short
SELECT CAST(fee AS VARCHAR2(2)) AS a FROM members;
-- error: ORA-25137

-- case: a size is in bytes unless it says CHAR
SELECT CAST(name AS VARCHAR2(12)) AS a, CAST(name AS CHAR(13)) AS b, CAST(name AS VARCHAR2(7 CHAR)) AS c, CAST(name AS NVARCHAR2(7)) AS d FROM members WHERE member_id = 13;
-- A | B | C | D
-- 'Dora Núñez' | 'Dora Núñez ' | 'Dora Nú' | 'Dora Nú'

-- case: a cut through the bytes of a letter
SELECT CAST(name AS VARCHAR2(7)) AS a FROM members WHERE member_id = 13;
-- unsupported: beyond ASCII

-- case: a size beyond VARCHAR2
SELECT CAST(name AS VARCHAR2(4001)) AS a FROM members;
-- error: ORA-00910

-- case: LIKE with ESCAPE
SELECT name FROM members WHERE email LIKE '%\_%' ESCAPE '\' OR name LIKE '%''%' ESCAPE '!';
-- NAME
-- 'Cid o''Dea'
-- 'Dora Núñez'

-- case: a backslash escapes nothing without ESCAPE
SELECT COUNT(*) AS n FROM members WHERE email LIKE '%\_%';
-- N
-- 0

-- case: LIKE with a pattern of a column
SELECT m.name FROM members m JOIN members r ON r.email LIKE LOWER(SUBSTR(m.name, 1, 4)) || '!_%' ESCAPE '!';
-- NAME
-- 'Dora Núñez'

-- case: an escape before another letter
SELECT name FROM members WHERE email LIKE 'a\n%' ESCAPE '\';
-- error: ORA-01424

-- case: an escape before another letter of a column
SELECT name FROM members WHERE email LIKE SUBSTR(name, 1, 1) || '%!a' ESCAPE '!';
-- error: ORA-01424

-- case: an escape of two letters
SELECT name FROM members WHERE email LIKE 'a' ESCAPE '!!';
-- error: ORA-01425

-- case: NOT LIKE leaves NULL out
SELECT name FROM members WHERE email NOT LIKE 'ann%';
-- NAME
-- 'Cid o''Dea'
-- 'Dora Núñez'

-- case: LIKE sees the blanks of CHAR
SELECT branch_id FROM branches WHERE code LIKE 'CE' OR code LIKE 'HAR_' OR code LIKE 'CE__ ';
-- BRANCH_ID
-- 2

-- case: CHAR compared with literals, in lists, ranges and CASE
SELECT branch_id, CASE code WHEN 'CE' THEN 1 ELSE 0 END AS a, CASE WHEN code IN ('X', 'CE   ') THEN 1 ELSE 0 END AS b, CASE WHEN code BETWEEN 'CE' AND 'CE' THEN 1 ELSE 0 END AS c, DECODE(code, 'CE', 1, 0) AS d, NULLIF(code, 'CE') AS e FROM branches WHERE branch_id < 3 ORDER BY branch_id;
-- BRANCH_ID | A | B | C | D | E (ordered)
-- 1 | 1 | 1 | 1 | 0 | NULL
-- 2 | 0 | 0 | 0 | 0 | 'HARB'

-- case: CHAR compared with VARCHAR2 keeps its blanks
SELECT branch_id FROM branches WHERE code = TRIM('CE ') OR code = RPAD('HARB', 4);
-- BRANCH_ID
-- 2

-- case: CHAR in a set operation with CHAR of its own size, and of another
SELECT code FROM branches WHERE branch_id = 1 UNION SELECT CAST('CE' AS CHAR(4 CHAR)) FROM dual UNION SELECT 'CE' FROM dual;
-- CODE
-- 'CE'
-- 'CE  '

-- case: CHAR in functions
SELECT LENGTH(code) AS a, code || '|' AS b, UPPER(code) || '|' AS c, SUBSTR(code, 2, 2) || '|' AS d, TRIM(code) || '|' AS e, REPLACE(code, ' ', '.') AS f, NVL(code, '-') || '|' AS g FROM branches WHERE branch_id = 1;
-- A | B | C | D | E | F | G
-- 4 | 'CE  |' | 'CE  |' | 'E |' | 'CE|' | 'CE..' | 'CE  |'

-- case: quotes in every form
SELECT q'[it's]' AS a, q'{a}b}' AS b, q'!!x!!' AS c, N'né' AS d, 'it''s' AS e, Nq'(x)' AS f FROM dual;
-- A | B | C | D | E | F
-- 'it''s' | 'a}b' | '!x!' | 'né' | 'it''s' | 'x'

-- case: numbers and dates in text functions
SELECT SUBSTR(12345, 2, 3) AS a, INSTR(0.125, '2') AS b, UPPER(joined) AS c, LENGTH(joined) AS d, REPLACE(joined, '-', '/') AS e, LPAD(fee, 6, '0') AS f, CONCAT(1, 2) AS g FROM members WHERE member_id = 11;
-- A | B | C | D | E | F | G
-- '234' | 3 | '28-FEB-21' | 9 | '28/FEB/21' | '0012.5' | '12'

-- case: pieces of text by the functions of DBMS_LOB
SELECT DBMS_LOB.GETLENGTH(name) AS a, DBMS_LOB.SUBSTR(name, 4, 2) AS b, DBMS_LOB.SUBSTR(name, 3) AS c, DBMS_LOB.INSTR(name, 'n', 1, 2) AS d, DBMS_LOB.SUBSTR(name, 3, 0) AS e FROM members WHERE member_id = 10;
-- A | B | C | D | E
-- 9 | 'nn B' | 'Ann' | 3 | NULL

-- case: a function of an unknown package
SELECT my_package.shout(name) AS a FROM members;
-- unsupported: MY_PACKAGE.SHOUT

-- case: who is asking
SELECT USER AS a FROM dual;
-- unsupported: USER

-- case: text functions with too few and too many arguments
SELECT INSTR('a') AS a FROM dual;
-- error: ORA-00938

-- case: LPAD with four arguments
SELECT LPAD('a', 3, 'b', 'c') AS a FROM dual;
-- error: ORA-00939

-- case: TRANSLATE with two arguments
SELECT TRANSLATE('a', 'b') AS a FROM dual;
-- error: ORA-00909

-- case: hashes are of the bytes of a text, SHA1 unless asked for another
SELECT RAWTOHEX(STANDARD_HASH('abc', 'MD5')) AS m, RAWTOHEX(STANDARD_HASH('abc')) AS s, RAWTONHEX(STANDARD_HASH('abc', 'SHA256')) AS t FROM dual;
-- M | S | T
-- '900150983CD24FB0D6963F7D28E17F72' | 'A9993E364706816ABA3E25717850C26C9CD0D89D' | 'BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD'

-- case: a hash of another length
SELECT STANDARD_HASH('abc', 'SHA512') FROM dual;
-- unsupported: STANDARD_HASH with the method 'SHA512'

-- case: the binary sort key is the bytes and a zero
SELECT RAWTOHEX(NLSSORT('aB', 'NLS_SORT = BINARY')) AS k, NLSSORT('') AS n FROM dual;
-- K | N
-- '614200' | NULL

-- case: sorted by the binary sort key
SELECT name FROM members ORDER BY NLSSORT(name, 'NLS_SORT=BINARY') FETCH FIRST 1 ROWS ONLY;
-- NAME
-- 'Ann Byrne'

-- case: a sort key of a language
SELECT name FROM members ORDER BY NLSSORT(name, 'NLS_SORT=GERMAN');
-- unsupported: NLSSORT with a sort other than NLS_SORT=BINARY

-- case: text as bytes and back
SELECT RAWTOHEX(UTL_RAW.CAST_TO_RAW('Hé')) AS a, UTL_RAW.CAST_TO_VARCHAR2(HEXTORAW('48C3A9')) AS b FROM dual;
-- A | B
-- '48C3A9' | 'Hé'

-- case: LIKE by other units
SELECT name FROM members WHERE name LIKEC 'A%';
-- unsupported: LIKEC
