-- case: nothing behind WHERE
SELECT name FROM members WHERE;
-- error: ORA-00936

-- case: nothing behind an operator
SELECT name FROM members WHERE fee >;
-- error: ORA-00936

-- case: nothing behind AND
SELECT name FROM members WHERE fee > 1 AND ORDER BY name;
-- error: ORA-00936

-- case: a condition that begins with AND
SELECT name FROM members WHERE AND fee > 1;
-- error: ORA-00936

-- case: nothing behind ORDER BY
SELECT name FROM members ORDER BY;
-- error: ORA-00936

-- case: DISTINCT behind the first column
SELECT name, DISTINCT fee FROM members;
-- error: ORA-00936

-- case: nothing behind FROM
SELECT name FROM;
-- error: ORA-00903

-- case: ORDER without BY
SELECT name FROM members ORDER name;
-- error: ORA-00924

-- case: GROUP without BY
SELECT name FROM members GROUP name;
-- error: ORA-00924

-- case: BETWEEN without AND
SELECT name FROM members WHERE fee BETWEEN 1;
-- error: ORA-00905

-- case: CASE without END
SELECT CASE WHEN fee > 1 THEN 'a' FROM members;
-- error: ORA-00905

-- case: CASE without WHEN
SELECT CASE fee > 1 THEN 'a' END FROM members;
-- error: ORA-00905

-- case: INNER without JOIN
SELECT name FROM members INNER loans ON 1 = 1;
-- error: ORA-00905

-- case: LEFT OUTER without JOIN
SELECT name FROM members m LEFT OUTER loans l ON l.member_id = m.member_id;
-- error: ORA-00905

-- case: IS NOT without NULL
SELECT name FROM members WHERE fee IS NOT AND name = 'x';
-- error: ORA-00908

-- case: a set operator at the end
SELECT name FROM members UNION;
-- error: ORA-00928

-- case: WITH and nothing else
WITH x AS (SELECT 1 AS a FROM dual);
-- error: ORA-00928

-- case: a query of WITH without brackets
WITH x AS SELECT 1 AS a FROM dual SELECT a FROM x;
-- error: ORA-00906

-- case: EXISTS without brackets
SELECT name FROM members WHERE EXISTS SELECT 1 FROM loans;
-- error: ORA-00906

-- case: USING without brackets
SELECT name FROM members JOIN loans USING member_id;
-- error: ORA-00906

-- case: ANY without brackets
SELECT name FROM members WHERE fee > ANY 1;
-- error: ORA-00906

-- case: a dot at the end
SELECT name FROM members m WHERE m.fee = m.;
-- error: ORA-01747

-- case: a reserved word behind AS
SELECT name AS select FROM members;
-- error: ORA-00923

-- case: one query of WITH twice
WITH x AS (SELECT 1 AS a FROM dual), x AS (SELECT 2 AS a FROM dual) SELECT a FROM x;
-- unsupported: two queries of WITH

-- case: FETCH wants FIRST or NEXT
SELECT name FROM members ORDER BY name FETCH 2 ROWS ONLY;
-- error: ORA-00933

-- case: DISTINCT ON
SELECT DISTINCT ON (name) name FROM members;
-- error: ORA-00936

-- case: a word of another dialect as the whole condition
SELECT name FROM members WHERE TRUE;
-- error: ORA-00920

-- case: a name without its end
SELECT "name FROM members;
-- error: ORA-01740

-- case: a statement that is no query
UPDATE members SET name = 'x';
-- unsupported: UPDATE, which is no query

-- case: no statement at all
SELEC name FROM members;
-- error: ORA-00900

-- case: a bracket of CAST that is not closed
SELECT CAST(fee AS VARCHAR2(10) AS f FROM members;
-- error: ORA-00907

-- case: a bracket too many
SELECT name FROM members WHERE fee > (1)) ORDER BY name;
-- error: ORA-00933

-- case: AS and no alias
SELECT fee AS, name FROM members;
-- error: ORA-00923

-- case: AS inside of a call
SELECT NVL(fee AS, 0) FROM members;
-- error: ORA-00923

-- case: a comma in front of the first column
SELECT , name FROM members;
-- error: ORA-00936

-- case: a comma in front of FETCH
SELECT name FROM members ORDER BY name, FETCH FIRST 1 ROW ONLY;
-- error: ORA-00936

-- case: a percentage without a number
SELECT name FROM members ORDER BY name FETCH FIRST PERCENT ROWS ONLY;
-- error: ORA-00905

-- case: a string as the alias of a table
SELECT name FROM members 'm';
-- error: ORA-00933

-- case: a plus sign before text
SELECT name FROM members WHERE + name <> 'x';
-- unsupported: a plus sign

-- case: a plus sign before a number that is computed
SELECT CASE WHEN fee > 20 THEN +fee ELSE -fee END AS c, -(+fee) AS n, + (SELECT 7 FROM dual) AS s, 2 || +fee AS t FROM members WHERE fee >= +12.5 ORDER BY +fee, +member_id DESC;
-- C | N | S | T (ordered)
-- -12.5 | -12.5 | 7 | '212.5'
-- -12.5 | -12.5 | 7 | '212.5'
-- 30 | -30 | 7 | '230'

-- case: a sign of another language
SELECT ~fee FROM members;
-- error: ORA-00911

-- case: a plus sign before a number
SELECT + 5 AS a, 3 - + 2 AS b FROM dual;
-- A | B
-- 5 | 1

-- case: a dot without a name before it
SELECT name FROM members WHERE member_id IN (10, . name);
-- error: ORA-00936

-- case: WHEN without THEN
SELECT CASE WHEN fee > 1 'a' ELSE 'b' END AS c FROM members;
-- error: ORA-00905

-- case: a CASE inside of a CASE
SELECT CASE WHEN fee > 1 THEN CASE fee WHEN 30 THEN 'a' ELSE 'b' END ELSE 'c' END AS c FROM members WHERE member_id = 10;
-- C
-- 'a'

-- case: USING without columns
SELECT name FROM members JOIN loans USING ();
-- error: ORA-00936

-- case: a dot in front of a table
SELECT dummy FROM . dual;
-- error: ORA-00903

-- case: a literal behind FROM of EXTRACT
SELECT EXTRACT(YEAR FROM DATE '2024-02-05') AS y FROM dual;
-- Y
-- 2024

-- case: OFFSET without ROWS
SELECT name FROM members ORDER BY name OFFSET 1 FETCH NEXT 2 ROWS ONLY;
-- error: ORA-00905

-- case: a number as an alias
SELECT fee AS 1.9 FROM members;
-- error: ORA-00923

-- case: two bounds of a window without BETWEEN
SELECT COUNT(*) OVER (ORDER BY fee ROWS 2 PRECEDING AND 1 PRECEDING) FROM members;
-- error: ORA-00907

-- case: a number with underscores between its digits
SELECT 1_000 FROM dual;
-- error: ORA-00911

-- case: an alias that begins with an underscore
SELECT name AS _name FROM members;
-- error: ORA-00911

-- case: a quoted alias that begins with an underscore
SELECT branch_id AS "_id" FROM branches WHERE branch_id = 1;
-- _id
-- 1

-- case: FILTER behind an aggregate
SELECT SUM(fee) FILTER (WHERE branch_id = 1) FROM members;
-- error: ORA-00923

-- case: WM_CONCAT, which is gone
SELECT WM_CONCAT(name) FROM members;
-- error: ORA-00904

-- case: two numbers without a comma
SELECT 1 2 FROM dual;
-- error: ORA-00923

-- case: a parameter in the style of another database
SELECT name FROM members WHERE member_id = $1;
-- error: ORA-00911

-- case: a comma is missing between two items
SELECT note, fine taken returned FROM loans;
-- error: ORA-00923

-- case: a comma is missing behind a group function
SELECT COUNT(*) n MAX(fine) FROM loans;
-- error: ORA-00923

-- case: a comma is missing in a scalar subquery
SELECT (SELECT MAX(fine) a b FROM loans) AS f FROM dual;
-- error: ORA-00923

-- case: a comma is missing between arguments
SELECT NVL(fine 0) FROM loans;
-- error: ORA-00907

-- case: AND is missing
SELECT note FROM loans WHERE fine > 1 loan_id = 3;
-- error: ORA-00933

-- case: AND is missing in an inline view
SELECT note FROM (SELECT note FROM loans WHERE fine > 1 loan_id = 3);
-- error: ORA-00907

-- case: LIMIT in an inline view
SELECT note FROM (SELECT note FROM loans LIMIT 5);
-- error: ORA-00907

-- case: AS in front of the alias of a table in a subquery
WITH l AS (SELECT note FROM loans AS x) SELECT note FROM l;
-- error: ORA-00907

-- case: AS behind an inline view
SELECT note FROM (SELECT note FROM loans) AS x;
-- error: ORA-00933

-- case: a CASE as the first bound of BETWEEN
SELECT name FROM members WHERE fee BETWEEN CASE WHEN branch_id = 1 OR fee = 0 THEN 10 ELSE 20 END AND 30 ORDER BY name;
-- NAME (ordered)
-- 'Ann Byrne'
-- 'Bela Kiss'

-- case: a CASE as a bound of a window
SELECT member_id, COUNT(*) OVER (ORDER BY member_id ROWS BETWEEN CASE WHEN 1 = 1 THEN 1 END PRECEDING AND CURRENT ROW) AS n FROM members WHERE branch_id = 1;
-- MEMBER_ID | N
-- 10 | 1
-- 11 | 2

-- case: END is no reserved word
SELECT x.end, end + 1 AS later FROM (SELECT 7 AS end FROM dual) x WHERE x.end > 1 GROUP BY x.end;
-- END | LATER
-- 7 | 8

-- case: END behind a dot ends no CASE
SELECT CASE WHEN x.end BETWEEN 1 AND 9 THEN x.end END AS c FROM (SELECT 7 AS end FROM dual) x;
-- C
-- 7

-- case: a CASE that ends too early
SELECT CASE WHEN fee = 1 THEN fee + END AS c FROM members;
-- error: ORA-00936

-- case: a query in brackets behind WITH
WITH x AS (SELECT 1 AS a FROM dual) (SELECT a FROM x);
-- A
-- 1

-- case: INNER and OUTER as names of tables
SELECT outer.name FROM members outer WHERE fee >= (SELECT AVG(inner.fee) FROM members inner INNER JOIN branches b ON b.branch_id = inner.branch_id WHERE inner.branch_id = outer.branch_id) ORDER BY outer.name;
-- NAME (ordered)
-- 'Ann Byrne'
-- 'Cid o''Dea'

-- case: grammar of collections that the parser does not read
SELECT name FROM members WHERE 12 MEMBER OF fee;
-- unsupported: MEMBER OF

-- case: grammar of mining models that the parser does not read
SELECT CLUSTER_ID(model_of_members USING *) AS c FROM members;
-- unsupported: CLUSTER_ID

-- case: a lateral view that is joined from outside by (+)
SELECT m.name FROM members m, LATERAL (SELECT fine FROM loans l WHERE l.member_id = m.member_id)(+) v;
-- unsupported: (+) behind a view

-- case: a comma behind the last table
SELECT * FROM loans, WHERE fine > 1;
-- error: ORA-00903

-- case: IN of nothing
SELECT note FROM loans WHERE fine IN;
-- error: ORA-00936

-- case: ORDER as an alias
SELECT fine AS order FROM loans;
-- error: ORA-00923

-- case: an empty name
SELECT fine "" FROM loans;
-- error: ORA-01741

-- case: a comment without its end
SELECT fine FROM loans /* of books;
-- error: ORA-01742

-- case: EXISTS is no value
SELECT EXISTS (SELECT 1 FROM loans) AS e FROM dual;
-- error: ORA-00936

-- case: NOT is no value
SELECT fine, NOT fine FROM loans;
-- error: ORA-00936

-- case: sorted by a condition
SELECT fine FROM loans ORDER BY fine IS NULL, fine;
-- error: ORA-00933

-- case: sorted by a condition in an inline view
SELECT fine FROM (SELECT fine FROM loans ORDER BY fine IS NULL);
-- error: ORA-00907

-- case: grouped by a condition
SELECT COUNT(*) FROM loans GROUP BY fine > 1;
-- error: ORA-00933

-- case: a window that is sorted by a condition
SELECT ROW_NUMBER() OVER (ORDER BY fine > 1) FROM loans;
-- error: ORA-00907

-- case: PIVOT without a group function
SELECT * FROM (SELECT note, fine FROM loans) PIVOT (fine FOR note IN ('ok'));
-- error: ORA-56902

-- case: IN with one value and no brackets
SELECT loan_id FROM loans WHERE note IN 'lost' OR loan_id IN 3 AND note NOT IN 'ok';
-- LOAN_ID
-- 3
-- 8
