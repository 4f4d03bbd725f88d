-- case: text beside a date is a number of days
SELECT DATE '2024-02-28' + '2' AS a, DATE '2024-03-01' - ' 1 ' AS b, '1.5' + DATE '2024-12-31' AS c FROM dual;
-- A | B | C
-- 2024-03-01 | 2024-02-29 | 2025-01-01 12:00:00

-- case: text beside a date is never another date
SELECT joined - '01-JAN-20' AS days FROM members;
-- error: ORA-01722

-- case: empty text beside a date
SELECT DATE '2024-02-28' + '' AS a FROM dual;
-- A
-- NULL

-- case: a column of text beside a date
SELECT taken + note AS d FROM loans WHERE note IS NOT NULL;
-- error: ORA-01722
