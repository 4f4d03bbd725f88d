-- case: DISTINCT may be sorted by an expression over what it selects
SELECT DISTINCT branch_id FROM members WHERE branch_id IS NOT NULL ORDER BY -branch_id;
-- BRANCH_ID (ordered)
-- 2
-- 1

-- case: DISTINCT sorted by a column and an expression over an alias
SELECT DISTINCT MOD(member_id, 3) AS r FROM members ORDER BY CASE WHEN r = 1 THEN 0 ELSE 1 END, r DESC;
-- R (ordered)
-- 1
-- 2
-- 0

-- case: DISTINCT sorted by an expression over a selected expression
SELECT DISTINCT MOD(member_id, 3) FROM members ORDER BY MOD(member_id, 3) * -1;
-- MOD(MEMBER_ID,3) (ordered)
-- 2
-- 1
-- 0

-- case: DISTINCT with FETCH sorted by an expression
SELECT DISTINCT branch_id FROM members WHERE branch_id IS NOT NULL ORDER BY -branch_id FETCH FIRST 1 ROW ONLY;
-- BRANCH_ID
-- 2

-- case: an expression over a column that DISTINCT does not select
SELECT DISTINCT branch_id FROM members ORDER BY UPPER(name);
-- error: ORA-01791

-- case: an expression over a selected column and another one
SELECT DISTINCT branch_id FROM members ORDER BY branch_id + member_id;
-- error: ORA-01791

-- case: a count that DISTINCT does not select
SELECT DISTINCT branch_id FROM members GROUP BY branch_id ORDER BY COUNT(*);
-- error: ORA-01791

-- case: an expression over a count that DISTINCT selects
SELECT DISTINCT COUNT(*) AS n FROM loans GROUP BY member_id ORDER BY COUNT(*) * -1;
-- N (ordered)
-- 3
-- 2
-- 1

-- case: brackets around a column leave its name
SELECT d.branch_id FROM (SELECT DISTINCT(branch_id) FROM members) d WHERE d.branch_id > 1;
-- BRANCH_ID
-- 2

-- case: LIMIT with OFFSET ends the command before its number
SELECT name FROM members LIMIT 5 OFFSET 2;
-- error: ORA-00933
