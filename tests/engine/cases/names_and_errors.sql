-- case: columns without alias are named by their text
SELECT  COUNT( * ), sum(fee)  , 'a b', fee  *  2, MEMBERS.FEE FROM members WHERE 1 = 0 GROUP BY fee;
-- COUNT(*) | SUM(FEE) | 'AB' | FEE*2 | FEE

-- case: quoted and folded names
SELECT fee AS "Fee", Name AS nAmE, 1 "x y" FROM members WHERE member_id = 10;
-- Fee | NAME | x y
-- 30 | 'Ann Byrne' | 1

-- case: a quoted name is exact
SELECT "fee" FROM members;
-- error: ORA-00904

-- case: a keyword in quotes is a name
SELECT "ORDER", COUNT(*) AS n FROM (SELECT member_id AS "ORDER" FROM members) k
WHERE "ORDER" = 10 GROUP BY "ORDER" HAVING COUNT(*) > 0 ORDER BY "ORDER";
-- ORDER | N
-- 10 | 1

-- case: a star and a star of one table
SELECT r.*, b.code FROM ring r, branches b WHERE r.a = 'p' AND b.branch_id = 2;
-- A | B | CODE
-- 'p' | 'q' | 'HARB'

-- case: DUAL
SELECT d.*, dummy AS x FROM dual d;
-- DUMMY | X
-- 'X' | 'X'

-- case: two columns of one name
SELECT m.name, b.name FROM members m JOIN branches b ON b.branch_id = m.branch_id WHERE m.member_id = 10;
-- NAME | NAME
-- 'Ann Byrne' | 'Central'

-- case: an unknown table
SELECT * FROM member;
-- error: ORA-00942

-- case: an unknown column
SELECT fees FROM members;
-- error: ORA-00904

-- case: an unknown column of a table
SELECT m.title FROM members m, books b;
-- error: ORA-00904

-- case: an alias hides the table's name
SELECT members.fee FROM members m;
-- error: ORA-00904

-- case: a column of two tables
SELECT name FROM members, branches;
-- error: ORA-00918

-- case: a column of two tables below a join
SELECT 1 FROM members m JOIN branches b ON branch_id = 1;
-- error: ORA-00918

-- case: the outer block is seen from inside
SELECT name FROM members m WHERE fee > (SELECT AVG(fee) FROM members WHERE branch_id = m.branch_id);
-- NAME
-- 'Ann Byrne'

-- case: an inner name hides an outer one
SELECT COUNT(*) AS n FROM members WHERE EXISTS (SELECT 1 FROM branches WHERE name = 'Central');
-- N
-- 5

-- case: functions of other databases
SELECT IFNULL(fee, 0) FROM members;
-- error: ORA-00904

-- case: functions of Oracle that are not known here
SELECT SOUNDEX(name) FROM members;
-- unsupported: SOUNDEX

-- case: an analytic function of Oracle that is not known here
SELECT CORR_S(fee, member_id) FROM members;
-- unsupported: CORR_S

-- case: too few arguments
SELECT SUBSTR(name) FROM members;
-- error: ORA-00938

-- case: too many arguments
SELECT SUBSTR(name, 1, 2, 3) FROM members;
-- error: ORA-00939

-- case: the wrong number of arguments
SELECT NVL(fee) FROM members;
-- error: ORA-00909

-- case: no FROM
SELECT 1;
-- error: ORA-00923

-- case: AS before the alias of a table
SELECT m.fee FROM members AS m;
-- error: ORA-00933

-- case: AS before the alias of a view
SELECT 1 FROM (SELECT 1 AS x FROM dual) AS v;
-- error: ORA-00933

-- case: a comma too many
SELECT fee, FROM members;
-- error: ORA-00936

-- case: nothing selected
SELECT FROM members;
-- error: ORA-00936

-- case: a bracket too few
SELECT (fee FROM members;
-- error: ORA-00907

-- case: a quote too few
SELECT 'a FROM members;
-- error: ORA-01756

-- case: a condition is no value
SELECT fee > 10 FROM members;
-- error: ORA-00923

-- case: a value is no condition
SELECT fee FROM members WHERE fee;
-- error: ORA-00920

-- case: TRUE is no literal before 23ai
SELECT TRUE FROM dual;
-- error: ORA-00904

-- case: clauses out of order
SELECT fee FROM members ORDER BY fee WHERE fee > 1;
-- error: ORA-00933

-- case: a cast with colons
SELECT fee::int FROM members;
-- error: ORA-00911

-- case: a remainder with a percent sign
SELECT fee % 2 FROM members;
-- error: ORA-00911

-- case: ILIKE
SELECT fee FROM members WHERE name ILIKE 'a%';
-- error: ORA-00933

-- case: two strings in a row
SELECT 'a' 'b' FROM dual;
-- error: ORA-00923

-- case: a reserved word as an alias
SELECT joined AS date FROM members;
-- error: ORA-00923

-- case: a reserved word as a column
SELECT m.date FROM members m;
-- error: ORA-01747

-- case: EXCEPT came with 21c
SELECT member_id FROM members EXCEPT SELECT member_id FROM loans;
-- error: ORA-00933

-- case: FETCH without ONLY
SELECT fee FROM members FETCH FIRST 3 ROWS;
-- error: ORA-00905

-- case: SYSDATE with brackets
SELECT SYSDATE() FROM dual;
-- error: ORA-00923

-- case: a bind variable
SELECT fee FROM members WHERE member_id = :id;
-- error: ORA-01008

-- case: types of other databases
SELECT CAST(fee AS TEXT) FROM members;
-- error: ORA-00902

-- case: an empty list
SELECT fee FROM members WHERE member_id IN ();
-- error: ORA-00936

-- case: a list of two columns for one
SELECT fee FROM members WHERE member_id IN (SELECT member_id, book_id FROM loans);
-- error: ORA-00913

-- case: a window by name came with 21c
SELECT SUM(fee) OVER w FROM members WINDOW w AS (ORDER BY fee);
-- error: ORA-00923

-- case: a hint changes nothing
SELECT /*+ FULL(m) */ fee FROM members m WHERE member_id = 10; -- done
-- FEE
-- 30

-- case: a link
SELECT fee FROM members@far;
-- unsupported: link

-- case: rows that are locked
SELECT fee FROM members FOR UPDATE;
-- unsupported: FOR UPDATE

-- case: MODEL
SELECT fee FROM members MODEL DIMENSION BY (member_id) MEASURES (fee) RULES (fee[1] = 2);
-- unsupported: MODEL

-- case: JSON that is patched
SELECT JSON_MERGEPATCH('{"a":1}', '{"b":2}') FROM dual;
-- unsupported: JSON_MERGEPATCH

-- case: regular expressions
SELECT name FROM members WHERE REGEXP_LIKE(name, '^A');
-- NAME
-- 'Ann Byrne'

-- case: a sample
SELECT fee FROM members SAMPLE (50);
-- unsupported: SAMPLE

-- case: operators with a blank inside
SELECT COUNT(*) AS n FROM members WHERE fee > = 12.5 AND fee < > 30 AND fee ! = 1 AND 'a' | | 'b' = 'ab';
-- N
-- 2

-- case: unequal in three spellings
SELECT COUNT(*) AS n FROM members WHERE fee <> 30 AND fee != 0 AND fee ^= 1;
-- N
-- 2

-- case: an alias that hides a column, inside a sort key that sorts both alike
SELECT LOWER(name) AS name FROM members WHERE member_id <> 11 AND member_id <> 12 ORDER BY LENGTH(name) DESC;
-- NAME (ordered)
-- 'dora núñez'
-- 'ann byrne'
-- 'evan roe'

-- case: a sort key that is the item of that alias
SELECT TRUNC(taken, 'MM') AS taken, COUNT(*) AS n FROM loans GROUP BY TRUNC(taken, 'MM') ORDER BY TRUNC(taken, 'MM') DESC FETCH FIRST 2 ROWS ONLY;
-- TAKEN | N (ordered)
-- 2024-05-01 | 1
-- 2024-04-01 | 1

-- case: an alias that hides a column, inside a sort key that sorts them differently
SELECT -fee AS fee FROM members ORDER BY fee * 2;
-- unsupported: ORDER BY of an expression over an alias

-- case: an alias that hides a column, inside a sort key that fails over the alias
SELECT SUM(fee) AS fee FROM members GROUP BY branch_id ORDER BY SUM(fee);
-- unsupported: ORDER BY of an expression over an alias

-- case: an alias that hides a column, as the sort key
SELECT -fee AS fee FROM members WHERE fee IS NOT NULL ORDER BY fee, member_id;
-- FEE (ordered)
-- -30
-- -12.5
-- -12.5
-- 0

-- case: two aliases of one name
SELECT name AS x, fee AS x FROM members ORDER BY x;
-- error: ORA-00960

-- case: WITHIN GROUP in the name of a column
SELECT LISTAGG(code, ',') WITHIN GROUP (ORDER BY code DESC) FROM branches WHERE branch_id = 2;
-- LISTAGG(CODE,',')WITHINGROUP(ORDERBYCODEDESC)
-- 'HARB'

-- case: rows matched by a pattern
SELECT * FROM loans MATCH_RECOGNIZE (ORDER BY taken PATTERN (a+) DEFINE a AS a.fine > 0);
-- unsupported: MATCH_RECOGNIZE

-- case: a cursor as a value
SELECT CURSOR(SELECT 1 FROM dual) FROM dual;
-- unsupported: a CURSOR expression

-- case: fewer columns on the right of IN than on its left
SELECT name FROM members WHERE (member_id, name) IN (SELECT member_id FROM loans);
-- error: ORA-00947

-- case: a comparison with several values
SELECT name FROM members WHERE branch_id = (1, 2);
-- error: ORA-01797
