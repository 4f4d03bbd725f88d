-- case: a simple CASE does not read a text as a number
SELECT CASE branch_id WHEN '1' THEN 'one' ELSE 'other' END AS t FROM members;
-- error: ORA-00932

-- case: a simple CASE does not show a number as a text
SELECT CASE code WHEN 1 THEN 'one' END AS t FROM branches;
-- error: ORA-00932

-- case: a simple CASE does not read a text as a date
SELECT CASE joined WHEN '01-JAN-20' THEN 1 ELSE 0 END AS t FROM members;
-- error: ORA-00932

-- case: the second WHEN of a simple CASE is of another type
SELECT CASE member_id WHEN 11 THEN 'a' WHEN TO_CHAR(12) THEN 'b' END AS t FROM members;
-- error: ORA-00932

-- case: a searched CASE and DECODE convert where a simple CASE does not
SELECT CASE WHEN member_id = '11' THEN 'a' ELSE 'b' END AS s, DECODE(member_id, '11', 'a', 'b') AS d FROM members WHERE member_id = 11;
-- S | D
-- 'a' | 'a'

-- case: kinds of number, and kinds of text, are alike to a simple CASE
SELECT CASE 2 WHEN 2D THEN 'y' END AS n, CASE CAST('ab' AS CHAR(4)) WHEN CAST('ab' AS VARCHAR2(4)) THEN 'y' ELSE 'n' END AS t FROM dual;
-- N | T
-- 'y' | 'n'

-- case: NULL has the type of anything in a simple CASE, and equals nothing
SELECT CASE 1 WHEN NULL THEN 'a' WHEN 1 THEN 'b' END AS x FROM dual;
-- X
-- 'b'
