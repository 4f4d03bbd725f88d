-- case: an unknown column in a group function is no column of an outer query
SELECT COUNT(title_of_book) FROM books;
-- error: ORA-00904

-- case: an unknown alias in a group function
SELECT branch_id, SUM(x.fee) FROM members m GROUP BY branch_id;
-- error: ORA-00904

-- case: an unknown column in a group function of HAVING
SELECT branch_id FROM members GROUP BY branch_id HAVING AVG(wage) > 3;
-- error: ORA-00904

-- case: an unknown column in a group function of ORDER BY
SELECT branch_id FROM members GROUP BY branch_id ORDER BY MAX(wage);
-- error: ORA-00904

-- case: an unknown column in a group function two blocks deep
SELECT name FROM members WHERE fee > (SELECT AVG(wage) FROM books);
-- error: ORA-00904

-- case: START WITH wants a condition at the end of the text too
SELECT LEVEL FROM dual CONNECT BY LEVEL <= 3 START WITH;
-- error: ORA-00936

-- case: START WITH wants a condition before the next clause
SELECT name FROM members START WITH ORDER BY name;
-- error: ORA-00936

-- case: ROWID may stand behind an alias
SELECT m.ROWID FROM members m;
-- unsupported: ROWID

-- case: a table has no COLUMN_VALUE
SELECT m.COLUMN_VALUE FROM members m;
-- error: ORA-00904

-- case: the dictionary is there in Oracle, and not here
SELECT table_name FROM user_tables;
-- unsupported: a view of the data dictionary

-- case: an inline function is PL/SQL
WITH FUNCTION twice(x NUMBER) RETURN NUMBER IS BEGIN RETURN x * 2; END; SELECT twice(1) FROM dual;
-- unsupported: PL/SQL in WITH

-- case: a key of GROUP BY is repeated with the same literals
SELECT TO_CHAR(taken, 'MM') AS m, COUNT(*) AS n FROM loans GROUP BY TO_CHAR(taken, 'mm');
-- error: ORA-00979

-- case: two formats of TRUNC for the same are two expressions
SELECT TRUNC(taken, 'MM') AS m, COUNT(*) AS n FROM loans GROUP BY TRUNC(taken, 'MONTH');
-- error: ORA-00979

-- case: NVL does not repeat COALESCE
SELECT NVL(note, '-') AS note, COUNT(*) AS n FROM loans GROUP BY COALESCE(note, '-');
-- error: ORA-00979

-- case: ROUND to 0 decimals does not repeat ROUND
SELECT ROUND(fine, 0) AS f FROM loans GROUP BY ROUND(fine);
-- error: ORA-00979

-- case: GROUPING repeats a key as the select list does
SELECT GROUPING(ROUND(fine, 0)) AS g FROM loans GROUP BY ROLLUP(ROUND(fine));
-- error: ORA-00979

-- case: brackets, qualifiers and the case of names do not matter where a key is repeated
SELECT UPPER(l.note) || '!' AS note, EXTRACT(month FROM taken) + 1 AS m, COUNT(*) AS n
  FROM loans l WHERE note IS NOT NULL AND loan_id < 5
 GROUP BY (upper(note)), Extract(MONTH FROM "TAKEN") + 1.0
HAVING UPPER("L".note) <> 'LOST'
 ORDER BY UPPER(NOTE), EXTRACT(MONTH FROM l.taken) + 1;
-- NOTE | M | N (ordered)
-- 'LATE!' | 3 | 1
-- 'OK!' | 2 | 1
-- 'OK!' | 3 | 1

-- case: the one row of a group function may be sorted by any column
SELECT COUNT(*) AS n, MAX(fine) AS f FROM loans ORDER BY taken DESC, UPPER(note);
-- N | F
-- 8 | 4.5

-- case: the one row of a group function is not sorted by a name that is none
SELECT COUNT(*) AS n FROM loans ORDER BY title;
-- error: ORA-00904

-- case: a column beside a group function
SELECT note, COUNT(*) AS n FROM loans ORDER BY note;
-- error: ORA-00937

-- case: brackets inside of a key
SELECT (fine * 2) + 1 AS f, COUNT(*) AS n FROM loans WHERE fine > 2 GROUP BY fine * 2 + 1;
-- F | N
-- 10 | 1

-- case: a literal of a key in other quotes
SELECT NVL(note, 'none') AS note, COUNT(*) AS n FROM loans WHERE loan_id < 3 GROUP BY NVL((note), q'[none]');
-- NOTE | N
-- 'ok' | 1
-- 'none' | 1
