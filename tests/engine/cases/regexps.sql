-- case: a regexp finds, counts and cuts
SELECT REGEXP_SUBSTR('tel 0151-4478, ext 12', '\d+-\d+') AS a, REGEXP_COUNT('banana', 'an') AS b, REGEXP_INSTR('banana', 'n') AS c, REGEXP_REPLACE('banana', 'a', 'o') AS d, REGEXP_REPLACE('banana', 'an') AS e FROM dual;
-- A | B | C | D | E
-- '0151-4478' | 2 | 3 | 'bonono' | 'ba'

-- case: a regexp that finds nothing
SELECT REGEXP_SUBSTR('abc', 'x') AS a, REGEXP_COUNT('abc', 'x') AS b, REGEXP_INSTR('abc', 'x') AS c, REGEXP_REPLACE('abc', 'x', 'y') AS d, REGEXP_SUBSTR('abc', 'b', 3) AS e, REGEXP_SUBSTR('abc', 'b', 9) AS f FROM dual;
-- A | B | C | D | E | F
-- NULL | 0 | 0 | 'abc' | NULL | NULL

-- case: a regexp of NULL is NULL
SELECT REGEXP_SUBSTR(email, 'x') AS a, REGEXP_COUNT(email, 'x') AS b, REGEXP_INSTR(email, 'x') AS c, REGEXP_REPLACE(email, 'x', 'y') AS d, REGEXP_SUBSTR('abc', '') AS e, REGEXP_COUNT('abc', NULL) AS f FROM members WHERE member_id = 14;
-- A | B | C | D | E | F
-- NULL | NULL | NULL | NULL | NULL | NULL

-- case: NULL is neither like a regexp nor unlike it
SELECT member_id FROM members WHERE REGEXP_LIKE(email, '.') OR NOT REGEXP_LIKE(email, '.') ORDER BY member_id;
-- MEMBER_ID (ordered)
-- 10
-- 12
-- 13

-- case: no row is like a NULL pattern
SELECT member_id FROM members WHERE REGEXP_LIKE(name, NULL) OR NOT REGEXP_LIKE(name, '');
-- MEMBER_ID

-- case: REGEXP_LIKE with an address
SELECT email FROM members WHERE REGEXP_LIKE(email, '^[a-z_]+@[[:alnum:].]+\.[a-z]{2,}$');
-- EMAIL
-- 'ann@lib.example'
-- 'dora_n@lib.example'

-- case: REGEXP_LIKE converts its text
SELECT member_id, fee FROM members WHERE REGEXP_LIKE(fee, '^\d+\.5$') AND REGEXP_LIKE(joined, 'FEB-21$');
-- MEMBER_ID | FEE
-- 11 | 12.5

-- case: alternatives that may both match are no matter for REGEXP_LIKE
SELECT title FROM books WHERE REGEXP_LIKE(title, '^(Low|Lower) ');
-- TITLE
-- 'Low Tide'

-- case: REGEXP_LIKE is no value
SELECT REGEXP_LIKE(name, 'a') AS a FROM members;
-- error: ORA-00904

-- case: flags of case, of which the last counts
SELECT REGEXP_COUNT('aAbB', 'a') AS a, REGEXP_COUNT('aAbB', 'a', 1, 'i') AS b, REGEXP_COUNT('aAbB', 'a', 1, 'ic') AS c, REGEXP_COUNT('aAbB', '[A-B]', 1, 'ci') AS d, REGEXP_COUNT('aAbBcC', '[^b]', 1, 'i') AS e, REGEXP_COUNT('ÉéE', 'é', 1, 'i') AS f FROM dual;
-- A | B | C | D | E | F
-- 1 | 2 | 1 | 4 | 4 | 2

-- case: a dot and a newline
SELECT REGEXP_COUNT('a' || CHR(10) || 'b', '.') AS a, REGEXP_COUNT('a' || CHR(10) || 'b', '.', 1, 'n') AS b, REGEXP_COUNT('a' || CHR(10) || 'b', '[^a]') AS c FROM dual;
-- A | B | C
-- 2 | 3 | 2

-- case: anchors at the text and at lines
SELECT REGEXP_COUNT('ab' || CHR(10) || 'ac', '^a') AS a, REGEXP_COUNT('ab' || CHR(10) || 'ac', '^a', 1, 'm') AS b, REGEXP_SUBSTR('ab' || CHR(10) || 'ac', 'b$') AS c, REGEXP_SUBSTR('ab' || CHR(10) || 'ac', 'b$', 1, 1, 'm') AS d, REGEXP_COUNT('ab' || CHR(10) || 'ac', '\Aa', 1, 'm') AS e, REGEXP_SUBSTR('ab' || CHR(10) || 'ac', 'c\z', 1, 1, 'm') AS f FROM dual;
-- A | B | C | D | E | F
-- 1 | 2 | NULL | 'b' | 1 | 'c'

-- case: flag x leaves blanks of the pattern out
SELECT REGEXP_SUBSTR('ab a b', 'a b') AS a, REGEXP_SUBSTR('ab a b', 'a b', 1, 1, 'x') AS b, REGEXP_SUBSTR('AB', 'a b', 1, 1, 'xi') AS c FROM dual;
-- A | B | C
-- 'a b' | 'ab' | 'AB'

-- case: an unknown flag
SELECT REGEXP_SUBSTR('abc', 'b', 1, 1, 'g') AS a FROM dual;
-- error: ORA-01760

-- case: classes of characters
SELECT REGEXP_REPLACE('a1 B2-c_3!', '[[:alpha:]]', '.') AS a, REGEXP_REPLACE('a1 B2-c_3!', '[^[:alnum:] ]', '.') AS b, REGEXP_REPLACE('a1 B2-c_3!', '[[:punct:]]', '.') AS c, REGEXP_REPLACE('a1 B2-c_3!', '[[:upper:][:digit:]]', '.') AS d, REGEXP_REPLACE('a1 B2-c_3!', '[[:space:]]', '.') AS e FROM dual;
-- A | B | C | D | E
-- '.1 .2-._3!' | 'a1 B2.c.3.' | 'a1 B2.c.3.' | 'a. ..-c_.!' | 'a1.B2-c_3!'

-- case: classes of Perl
SELECT REGEXP_REPLACE('a1 B_-', '\w', '.') AS a, REGEXP_REPLACE('a1 B_-', '\W', '.') AS b, REGEXP_REPLACE('a1 B_-', '\d', '.') AS c, REGEXP_REPLACE('a1 B_-', '\D', '.') AS d, REGEXP_REPLACE('a1 B_-', '\s', '.') AS e, REGEXP_REPLACE('a1 B_-', '\S', '.') AS f FROM dual;
-- A | B | C | D | E | F
-- '.. ..-' | 'a1.B_.' | 'a. B_-' | '.1....' | 'a1.B_-' | '.. ...'

-- case: letters with accents are letters
SELECT REGEXP_SUBSTR(name, '[[:alpha:]]+$') AS a, REGEXP_SUBSTR(name, '[a-z]+$') AS b, REGEXP_COUNT(name, '\w') AS c FROM members WHERE member_id = 13;
-- A | B | C
-- 'Núñez' | 'ez' | 9

-- case: a sign that may or may not be punctuation
SELECT REGEXP_COUNT('5 €', '[[:punct:]]') AS a FROM dual;
-- unsupported: a character beyond ASCII

-- case: a backslash in brackets is a backslash
SELECT REGEXP_SUBSTR('d2\', '[\d]+', 1, 2) AS a, REGEXP_SUBSTR('w.-', '[\w.]+') AS b, REGEXP_SUBSTR('a]b', '[]b]+') AS c, REGEXP_SUBSTR('1+2-3', '[+-]', 1, 2) AS d, REGEXP_SUBSTR('x^y', '[y^]+') AS e FROM dual;
-- A | B | C | D | E
-- '\' | 'w.' | ']b' | '-' | '^y'

-- case: signs behind a backslash stand for themselves
SELECT REGEXP_SUBSTR('a.b', '\.') AS a, REGEXP_SUBSTR('f(x)', '\(.\)') AS b, REGEXP_SUBSTR('a|b', '\|') AS c, REGEXP_SUBSTR('{1}', '\{\d\}') AS d, REGEXP_REPLACE('$5', '\$', 'USD ') AS e FROM dual;
-- A | B | C | D | E
-- '.' | '(x)' | '|' | '{1}' | 'USD 5'

-- case: counts in braces
SELECT REGEXP_SUBSTR('aaaa', 'a{2}') AS a, REGEXP_SUBSTR('aaaa', 'a{2,}') AS b, REGEXP_SUBSTR('aaaa', 'a{1,3}') AS c, REGEXP_SUBSTR('aaaa', 'a{1,3}?') AS d, REGEXP_SUBSTR('abab', '(ab){2}') AS e FROM dual;
-- A | B | C | D | E
-- 'aa' | 'aaaa' | 'aaa' | 'a' | 'abab'

-- case: quantifiers that take as little as they can
SELECT REGEXP_SUBSTR('<i>a</i><i>b</i>', '<i>.*?</i>') AS a, REGEXP_SUBSTR('"x" "y"', '".+?"', 1, 2) AS b, REGEXP_REPLACE('a(b)c(d)', '\(.*?\)') AS c, REGEXP_SUBSTR('abc', 'ab??') AS d FROM dual;
-- A | B | C | D
-- '<i>a</i>' | '"y"' | 'ac' | 'a'

-- case: parts between commas, of which one is empty
SELECT LEVEL AS n, REGEXP_SUBSTR('ash,,oak', '(.*?)(,|$)', 1, LEVEL, NULL, 1) AS a, REGEXP_SUBSTR('ash,,oak', '[^,]+', 1, LEVEL) AS b FROM dual CONNECT BY LEVEL <= REGEXP_COUNT('ash,,oak', ',') + 1 ORDER BY n;
-- N | A | B (ordered)
-- 1 | 'ash' | 'ash'
-- 2 | NULL | 'oak'
-- 3 | 'oak' | NULL

-- case: subexpressions
SELECT REGEXP_SUBSTR('k1=v1;k2=v2', '(\w+)=(\w+)', 1, 2, NULL, 1) AS a, REGEXP_SUBSTR('k1=v1;k2=v2', '(\w+)=(\w+)', 1, 2, 'i', 2) AS b, REGEXP_SUBSTR('k1=v1', '(\w+)=(\w+)', 1, 1, NULL, 0) AS c, REGEXP_SUBSTR('k1=v1', '(\w+)=(\w+)', 1, 1, NULL, 3) AS d, REGEXP_SUBSTR('ab', 'a(x)?b', 1, 1, NULL, 1) AS e FROM dual;
-- A | B | C | D | E
-- 'k2' | 'v2' | 'k1=v1' | NULL | NULL

-- case: REGEXP_INSTR before and behind a match
SELECT REGEXP_INSTR('one two three', '\w+', 1, 2) AS a, REGEXP_INSTR('one two three', '\w+', 1, 2, 1) AS b, REGEXP_INSTR('one two three', 't', 6) AS c, REGEXP_INSTR('one two three', 't', 6, 1, 1) AS d, REGEXP_INSTR('one two', 'z', 1, 1, 1) AS e, REGEXP_INSTR('one two', 'o$', 1, 1, 0) AS f FROM dual;
-- A | B | C | D | E | F
-- 5 | 8 | 9 | 10 | 0 | 7

-- case: REGEXP_INSTR of a subexpression
SELECT REGEXP_INSTR('0123456789', '(1(2)3)(4)', 1, 1, 0, 'c', 2) AS a, REGEXP_INSTR('0123456789', '(1(2)3)(4)', 1, 1, 1, 'c', 3) AS b, REGEXP_INSTR('ab ab', '(a)(b)', 1, 2, 0, 'c', 2) AS c, REGEXP_INSTR('ab', '(a)', 1, 1, 0, 'c', 2) AS d FROM dual;
-- A | B | C | D
-- 3 | 6 | 5 | 0

-- case: REGEXP_INSTR with a column and a flag
SELECT member_id, REGEXP_INSTR(name, '[aeiou]', 1, 1, 0, 'i') AS a, REGEXP_INSTR(email, '@') AS b FROM members WHERE member_id IN (10, 12, 14) ORDER BY member_id;
-- MEMBER_ID | A | B (ordered)
-- 10 | 1 | 4
-- 12 | 2 | 4
-- 14 | 1 | NULL

-- case: REGEXP_REPLACE puts subexpressions in
SELECT REGEXP_REPLACE('2024-03-15', '(\d+)-(\d+)-(\d+)', '\3.\2.\1') AS a, REGEXP_REPLACE('Byrne Ann', '^(\S+) (\S+)$', '\2 \1') AS b, REGEXP_REPLACE('abc', '(.)', '\1\1-') AS c, REGEXP_REPLACE('a/b', '/', '\\') AS d FROM dual;
-- A | B | C | D
-- '15.03.2024' | 'Ann Byrne' | 'aa-bb-cc-' | 'a\b'

-- case: REGEXP_REPLACE from a position and of one occurrence
SELECT REGEXP_REPLACE('aaaa', 'a', 'x', 3) AS a, REGEXP_REPLACE('aaaa', 'a', 'x', 1, 2) AS b, REGEXP_REPLACE('aaaa', 'a', 'x', 2, 2) AS c, REGEXP_REPLACE('aaaa', 'a', 'x', 1, 9) AS d, REGEXP_REPLACE('aaaa', 'a', 'x', 9) AS e, REGEXP_REPLACE('a-b-c', '(-)', '<\1>', 1, 2) AS f FROM dual;
-- A | B | C | D | E | F
-- 'aaxx' | 'axaa' | 'aaxa' | 'aaaa' | 'aaaa' | 'a-b<->c'

-- case: REGEXP_REPLACE with NULL removes, with all removed it is NULL
SELECT REGEXP_REPLACE('a1b2', '\d', NULL) AS a, REGEXP_REPLACE('12', '\d') AS b, REGEXP_REPLACE('x', 'x', '$s$n') AS c FROM dual;
-- A | B | C
-- 'ab' | NULL | '$s$n'

-- case: REGEXP_REPLACE with another column
SELECT REGEXP_REPLACE(title, '^\w+', note) AS t FROM books JOIN loans USING (book_id) WHERE loan_id = 2;
-- T
-- ' Rain'

-- case: blanks cut off at both ends, and anchors replaced
SELECT REGEXP_REPLACE('  a b ', '^\s+|\s+$') AS a, REGEXP_REPLACE('ab', '^', '<') AS b, REGEXP_REPLACE('ab', '$', '>') AS c, REGEXP_REPLACE('a  b   c', '\s+', ' ') AS d, REGEXP_REPLACE('007', '^0+') AS e FROM dual;
-- A | B | C | D | E
-- 'a b' | '<ab' | 'ab>' | 'a b c' | '7'

-- case: alternatives of which only one can match
SELECT REGEXP_SUBSTR('a cat and a dog', 'dog|cat') AS a, REGEXP_COUNT('Mr A, Ms B', 'M(r|s)') AS b, REGEXP_REPLACE('3 kg, 5 lb', '(\d+) (kg|lb)', '\2\1') AS c, REGEXP_SUBSTR('x;y', '(,|;)') AS d FROM dual;
-- A | B | C | D
-- 'cat' | 2 | 'kg3, lb5' | ';'

-- case: alternatives of which the first or the longest may be taken
SELECT REGEXP_SUBSTR('abab', 'a|ab') AS a FROM dual;
-- unsupported: whose order of trial matters

-- case: greedy and other quantifiers that hinder each other
SELECT REGEXP_SUBSTR('no. 1234', '.*?(\d+)', 1, 1, NULL, 1) AS a FROM dual;
-- unsupported: whose order of trial matters

-- case: greedy and other quantifiers that do not hinder each other
SELECT REGEXP_SUBSTR('a,b,c', '^(.*?),(.*)$', 1, 1, NULL, 2) AS a, REGEXP_REPLACE('k: v w', '^(\w+?):\s*(\S.*)$', '\2') AS b FROM dual;
-- A | B
-- 'b,c' | 'v w'

-- case: empty matches between others
SELECT REGEXP_REPLACE('abxc', 'x*', '-') AS a FROM dual;
-- unsupported: one may be empty

-- case: a group of Perl
SELECT REGEXP_SUBSTR('hello', '(?:l)+') AS a FROM dual;
-- unsupported: a group (?...)

-- case: a word boundary of Perl
SELECT REGEXP_SUBSTR('hello', '\bhe') AS a FROM dual;
-- unsupported: the escape \b

-- case: brackets that are not closed
SELECT REGEXP_SUBSTR('a', '[a-c') AS a FROM dual;
-- error: ORA-12726

-- case: a group that is not closed
SELECT REGEXP_SUBSTR('a', '(a') AS a FROM dual;
-- error: ORA-12725

-- case: a group that is not opened
SELECT COUNT(*) AS n FROM members WHERE REGEXP_LIKE(name, 'a)');
-- error: ORA-12725

-- case: a backreference to nothing
SELECT REGEXP_SUBSTR('a', 'a\1') AS a FROM dual;
-- error: ORA-12727

-- case: a range that runs backwards
SELECT REGEXP_SUBSTR('a', '[z-a]') AS a FROM dual;
-- error: ORA-12728

-- case: a class that does not exist
SELECT REGEXP_SUBSTR('a', '[[:letter:]]') AS a FROM dual;
-- error: ORA-12729

-- case: a count that runs backwards
SELECT REGEXP_SUBSTR('a', 'a{3,2}') AS a FROM dual;
-- error: ORA-12732

-- case: a regexp from position zero
SELECT REGEXP_SUBSTR('a', 'a', 0) AS a FROM dual;
-- error: ORA-01428

-- case: a regexp of occurrence zero
SELECT REGEXP_INSTR('a', 'a', 1, LEVEL - 1) AS a FROM dual CONNECT BY LEVEL <= 2;
-- error: ORA-01428

-- case: a regexp with one argument
SELECT REGEXP_SUBSTR('a') AS a FROM dual;
-- error: ORA-00938

-- case: doubled letters, by a backreference to a single character
SELECT name FROM members WHERE REGEXP_LIKE(name, '([a-z])\1') OR REGEXP_LIKE(name, '^([aeiou])\1', 'i') ORDER BY name;
-- NAME (ordered)
-- 'Ann Byrne'
-- 'Bela Kiss'

-- case: what a backreference to a single character finds
SELECT REGEXP_SUBSTR('hello book', '(.)\1', 1, 2) AS a, REGEXP_COUNT('aabbcd', '([a-z])\1') AS b, REGEXP_INSTR('abccd', '(\w)\1') AS c, REGEXP_REPLACE('aaabbc', '(\w)\1+', '#') AS d, REGEXP_SUBSTR('xabax', '(a)b\1') AS e FROM dual;
-- A | B | C | D | E
-- 'oo' | 2 | 3 | '##c' | 'aba'

-- case: repeated letters replaced by one
SELECT REGEXP_REPLACE('aabbccd', '(.)\1+', '\1') AS a, REGEXP_REPLACE('a$$b', '(\W)\1', '[\1]') AS b, REGEXP_REPLACE('abc', '(.)\1', '\1') AS c FROM dual;
-- A | B | C
-- 'abcd' | 'a[$]b' | 'abc'

-- case: a backreference to several characters
SELECT REGEXP_SUBSTR('the the cat', '(\w+) \1') AS a FROM dual;
-- unsupported: a backreference

-- case: a backreference in a text beyond ASCII
SELECT REGEXP_SUBSTR('aéé', '(.)\1') AS a FROM dual;
-- unsupported: beyond ASCII

-- case: a pattern with a number from a column
SELECT name FROM members WHERE REGEXP_LIKE('10,12,113', '(^|,)' || member_id || '(,|$)') ORDER BY name;
-- NAME (ordered)
-- 'Ann Byrne'
-- 'Cid o''Dea'

-- case: a pattern with text from a column
SELECT m.name FROM members m WHERE REGEXP_LIKE(m.email, '^(' || LOWER(SUBSTR(m.name, 1, 3)) || '|x)[_@]') ORDER BY m.name;
-- NAME (ordered)
-- 'Ann Byrne'

-- case: a pattern with special signs from a column
SELECT name FROM members WHERE REGEXP_LIKE(name, email);
-- unsupported: special signs

-- case: a pattern with text from a column in brackets
SELECT name FROM members WHERE REGEXP_LIKE(name, '[' || member_id || ']');
-- unsupported: in brackets

-- case: dollars in a replacement
SELECT REGEXP_REPLACE('a1b', '[0-9]', '$s') AS a, REGEXP_REPLACE('a1b2', '([a-z])([0-9])', '\2$p\1', 1, 2) AS b, REGEXP_REPLACE((SELECT MIN(name) FROM genres), 'l+', '$n') AS c FROM dual;
-- A | B | C
-- 'a$sb' | 'a12$pb' | 'A$n'

-- case: a subexpression beside a backreference
SELECT REGEXP_SUBSTR(name, '([a-z])\1(.)', 1, 1, NULL, 2) FROM members;
-- unsupported: a subexpression of a regular expression with a backreference

-- case: a joined pattern with a match parameter, or with NULL
SELECT member_id FROM members WHERE REGEXP_LIKE(name, '^' || SUBSTR(name, 1, 1) || '[a-z]+ ', 'c') AND REGEXP_LIKE(name, '^' || SUBSTR(name, 1, 1), NULL) AND NOT REGEXP_LIKE(name, '^' || LOWER(SUBSTR(name, 1, 1)), 'c');
-- MEMBER_ID
-- 10
-- 11
-- 12
-- 13
-- 14

-- case: a joined pattern in whichever case
SELECT member_id FROM members WHERE REGEXP_LIKE(name, '^' || SUBSTR(name, 1, 1), 'i');
-- unsupported: with flag i

-- case: a joined pattern with a match parameter of each row
SELECT member_id FROM members WHERE REGEXP_LIKE(name, '^' || SUBSTR(name, 1, 1), SUBSTR(name, 99));
-- unsupported: a match parameter that is not a literal

-- case: a blank behind a backslash is a blank
SELECT REGEXP_REPLACE('(06) 12-34.5', '-|\.|\ |\(|\)') AS a, REGEXP_COUNT('a b', 'a\ b') AS b FROM dual;
-- A | B
-- '0612345' | 1

-- case: a blank behind a backslash, where blanks do not count
SELECT REGEXP_COUNT('a b', 'a\ b', 1, 'x') AS b FROM dual;
-- unsupported: the escape
