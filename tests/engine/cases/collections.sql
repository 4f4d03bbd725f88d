-- case: a list of numbers is a table of one column
SELECT * FROM TABLE(sys.odcinumberlist(3, -1.5, NULL, 3));
-- COLUMN_VALUE
-- 3
-- -1.5
-- NULL
-- 3

-- case: elements of a list of texts are VARCHAR2, blanks at their ends count
SELECT t.column_value AS word, LENGTH(t.column_value) AS n FROM TABLE(sys.odcivarchar2list('one', 'it''s ')) t;
-- WORD | N
-- 'one' | 3
-- 'it''s ' | 5

-- case: the list may be joined
SELECT m.member_id FROM members m JOIN TABLE(odcinumberlist(10, 12, 99)) t ON t.column_value = m.member_id;
-- MEMBER_ID
-- 10
-- 12

-- case: the list in a subquery
SELECT COUNT(*) AS n FROM members WHERE member_id NOT IN (SELECT column_value FROM TABLE(sys.odcinumberlist(10, 12)));
-- N
-- 3

-- case: a multiset sees the tables before it
SELECT m.member_id, t.column_value AS n FROM members m, TABLE(CAST(MULTISET(SELECT LEVEL FROM dual CONNECT BY LEVEL <= m.member_id - 10) AS sys.odcinumberlist)) t WHERE m.member_id IN (11, 12);
-- MEMBER_ID | N
-- 11 | 1
-- 12 | 1
-- 12 | 2

-- case: a multiset without rows leaves out the row before it
SELECT m.member_id, t.column_value AS loan FROM members m, TABLE(CAST(MULTISET(SELECT l.loan_id FROM loans l WHERE l.member_id = m.member_id) AS sys.odcinumberlist)) t WHERE m.member_id IN (11, 14);
-- MEMBER_ID | LOAN
-- 11 | 3

-- case: a multiset of another type than the collection
SELECT t.column_value FROM TABLE(CAST(MULTISET(SELECT m.name FROM members m) AS sys.odcinumberlist)) t;
-- unsupported: a collection of NUMBER from other values

-- case: a list of columns
SELECT t.column_value FROM members m, TABLE(sys.odcinumberlist(m.fee, 1)) t;
-- unsupported: a table function
