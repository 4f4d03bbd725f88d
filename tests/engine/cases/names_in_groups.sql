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
