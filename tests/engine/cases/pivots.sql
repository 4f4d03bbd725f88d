-- case: a column for each value, a row for each of the other columns
SELECT * FROM (SELECT member_id, note, fine FROM loans WHERE member_id IS NOT NULL) PIVOT (SUM(fine) FOR note IN ('ok' AS ok, 'late' AS late)) ORDER BY member_id;
-- MEMBER_ID | OK | LATE (ordered)
-- 10 | 0 | NULL
-- 11 | NULL | 4.5
-- 12 | 0 | 1.25
-- 13 | 0 | NULL

-- case: rows that match no value keep their group
SELECT * FROM (SELECT member_id, note FROM loans WHERE loan_id IN (3, 8)) PIVOT (COUNT(*) FOR note IN ('late' AS late));
-- MEMBER_ID | LATE
-- 11 | 1
-- NULL | 0

-- case: columns without alias are named by their values
SELECT * FROM (SELECT note FROM loans) PIVOT (COUNT(*) FOR note IN ('ok', 'late', 'none'));
-- 'ok' | 'late' | 'none'
-- 3 | 2 | 0

-- case: such a column is read by its quoted name
SELECT "'ok'" + "'late'" AS s FROM (SELECT note FROM loans) PIVOT (COUNT(*) FOR note IN ('ok', 'late'));
-- S
-- 5

-- case: numbers name their columns
SELECT * FROM (SELECT branch_id, fee FROM members) PIVOT (AVG(fee) FOR branch_id IN (1, 2, 3));
-- 1 | 2 | 3
-- 21.25 | 12.5 | NULL

-- case: several group functions, the alias of each behind that of the value
SELECT * FROM (SELECT note, fine FROM loans) PIVOT (SUM(fine) AS s, COUNT(*) AS n FOR note IN ('ok' AS ok, 'late', 'lost' "Lost"));
-- OK_S | OK_N | 'late'_S | 'late'_N | Lost_S | Lost_N
-- 0 | 3 | 5.75 | 2 | 2 | 1

-- case: one of two group functions may go without alias
SELECT * FROM (SELECT note, fine FROM loans) PIVOT (SUM(fine), MIN(fine) AS low FOR note IN ('late' AS late));
-- LATE | LATE_LOW
-- 5.75 | 1.25

-- case: two of them may not
SELECT * FROM (SELECT note, fine FROM loans) PIVOT (SUM(fine), MIN(fine) FOR note IN ('late' AS late));
-- error: ORA-00918

-- case: by two columns
SELECT * FROM (SELECT note, book_id FROM loans) PIVOT (COUNT(*) FOR (note, book_id) IN (('ok', 100) AS a, ('late', 100) AS b, ('ok', 102) AS c));
-- A | B | C
-- 1 | 2 | 2

-- case: over a table, with an alias and a condition
SELECT p.a, p.q FROM ring PIVOT (COUNT(*) FOR b IN ('q' AS q)) p WHERE p.q > 0;
-- A | Q
-- 'p' | 1

-- case: over a query of WITH, joined and sorted
WITH v AS (SELECT member_id, note, fine FROM loans) SELECT m.name, p.late_f FROM v PIVOT (SUM(fine) AS f FOR note IN ('late' AS late)) p JOIN members m ON m.member_id = p.member_id WHERE p.late_f IS NOT NULL ORDER BY p.late_f;
-- NAME | LATE_F (ordered)
-- 'Cid o''Dea' | 1.25
-- 'Bela Kiss' | 4.5

-- case: expressions, DISTINCT and LISTAGG
SELECT * FROM (SELECT note, book_id, fine FROM loans WHERE loan_id < 6) PIVOT (COUNT(DISTINCT book_id) AS d, SUM(fine * 2) AS f FOR note IN ('late' AS late));
-- LATE_D | LATE_F
-- 1 | 11.5

-- case: dates as values
SELECT * FROM (SELECT taken, loan_id FROM loans) PIVOT (MAX(loan_id) FOR taken IN (DATE '2024-02-01' AS feb, DATE '2024-02-02' AS none));
-- FEB | NONE
-- 3 | NULL

-- case: CHAR is compared without its padding
SELECT * FROM (SELECT code, branch_id FROM branches) PIVOT (MAX(branch_id) FOR code IN ('CE' AS ce));
-- CE
-- 1

-- case: no rows
SELECT * FROM (SELECT note, fine, book_id FROM loans WHERE loan_id < 0) PIVOT (SUM(fine) FOR note IN ('ok' AS ok));
-- BOOK_ID | OK

-- case: no rows and nothing beside
SELECT * FROM (SELECT note, fine FROM loans WHERE loan_id < 0) PIVOT (SUM(fine) FOR note IN ('ok' AS ok));
-- unsupported: PIVOT of no rows

-- case: an unknown column
SELECT * FROM (SELECT note, fine FROM loans) PIVOT (SUM(fines) FOR note IN ('ok' AS ok));
-- error: ORA-00904

-- case: a column with its table's name
SELECT * FROM (SELECT note, fine FROM loans) v PIVOT (SUM(v.fine) FOR note IN ('ok' AS ok));
-- error: ORA-01748

-- case: a subquery for the values
SELECT * FROM (SELECT note, fine FROM loans) PIVOT (SUM(fine) FOR note IN (SELECT note FROM loans));
-- error: ORA-00936

-- case: XML
SELECT * FROM (SELECT note FROM loans) PIVOT XML (COUNT(*) FOR note IN (ANY));
-- unsupported: PIVOT XML

-- case: rows for columns, without the NULLs
SELECT loan_id, kind, moment FROM loans UNPIVOT (moment FOR kind IN (taken AS 'T', returned AS 'R')) WHERE loan_id < 3;
-- LOAN_ID | KIND | MOMENT
-- 1 | 'T' | 2024-01-05 09:00:00
-- 1 | 'R' | 2024-01-12 18:00:00
-- 2 | 'T' | 2024-01-20

-- case: with the NULLs, by the names of the columns
SELECT loan_id, kind, moment FROM loans UNPIVOT INCLUDE NULLS (moment FOR kind IN (taken, returned)) WHERE loan_id = 2;
-- LOAN_ID | KIND | MOMENT
-- 2 | 'TAKEN' | 2024-01-20
-- 2 | 'RETURNED' | NULL

-- case: the other columns come first
SELECT * FROM members UNPIVOT (v FOR k IN (name, email)) WHERE member_id < 12 ORDER BY member_id, k;
-- MEMBER_ID | BRANCH_ID | JOINED | FEE | REFERRER_ID | K | V (ordered)
-- 10 | 1 | 2020-01-31 | 30 | NULL | 'EMAIL' | 'ann@lib.example'
-- 10 | 1 | 2020-01-31 | 30 | NULL | 'NAME' | 'Ann Byrne'
-- 11 | 1 | 2021-02-28 10:15:00 | 12.5 | 10 | 'NAME' | 'Bela Kiss'

-- case: several columns at once
SELECT * FROM (SELECT 1 AS a1, 2 AS b1, 3 AS a2, NULL AS b2, NULL AS a3, NULL AS b3 FROM dual) UNPIVOT ((a, b) FOR n IN ((a1, b1) AS 1, (a2, b2) AS 2));
-- A3 | B3 | N | A | B
-- NULL | NULL | 1 | 1 | 2
-- NULL | NULL | 2 | 3 | NULL

-- case: columns of two types
SELECT * FROM members UNPIVOT (v FOR k IN (name, fee));
-- error: ORA-01790

-- case: turned and turned back
SELECT * FROM (SELECT loan_id, fine AS a, book_id AS b FROM loans WHERE loan_id IN (1, 3)) UNPIVOT (v FOR k IN (a, b)) PIVOT (MAX(v) FOR loan_id IN (1 AS l1, 3 AS l3));
-- K | L1 | L3
-- 'A' | 0 | 4.5
-- 'B' | 100 | 100

-- case: PIVOT over the values of a column
SELECT * FROM (SELECT member_id, name FROM members) PIVOT (COUNT(*) FOR name IN (member_id));
-- error: ORA-56901
