-- case: depth first, siblings sorted
SELECT LEVEL, LPAD(' ', 2 * (LEVEL - 1)) || name AS tree FROM genres START WITH parent_id IS NULL CONNECT BY PRIOR genre_id = parent_id ORDER SIBLINGS BY name DESC;
-- LEVEL | TREE (ordered)
-- 1 | 'All'
-- 2 | '  Science'
-- 2 | '  Fiction'
-- 3 | '    Fantasy'
-- 3 | '    Crime'
-- 4 | '      Noir'

-- case: PRIOR on the other side walks up
SELECT name, LEVEL AS l FROM genres START WITH name = 'Noir' CONNECT BY genre_id = PRIOR parent_id ORDER BY l;
-- NAME | L (ordered)
-- 'Noir' | 1
-- 'Crime' | 2
-- 'Fiction' | 3
-- 'All' | 4

-- case: the way, the root, and leaves
SELECT SYS_CONNECT_BY_PATH(name, '/') AS p, CONNECT_BY_ROOT name AS r, CONNECT_BY_ISLEAF AS leaf FROM genres START WITH parent_id = 1 CONNECT BY PRIOR genre_id = parent_id;
-- P | R | LEAF
-- '/Fiction' | 'Fiction' | 0
-- '/Fiction/Crime' | 'Fiction' | 0
-- '/Fiction/Crime/Noir' | 'Fiction' | 1
-- '/Fiction/Fantasy' | 'Fiction' | 1
-- '/Science' | 'Science' | 1

-- case: the parent in the select list
SELECT name, PRIOR name AS parent FROM genres START WITH genre_id = 2 CONNECT BY PRIOR genre_id = parent_id;
-- NAME | PARENT
-- 'Fiction' | NULL
-- 'Crime' | 'Fiction'
-- 'Noir' | 'Crime'
-- 'Fantasy' | 'Fiction'

-- case: WHERE takes rows out, not their children
SELECT name FROM genres WHERE name <> 'Crime' START WITH genre_id = 2 CONNECT BY PRIOR genre_id = parent_id;
-- NAME
-- 'Fiction'
-- 'Noir'
-- 'Fantasy'

-- case: a condition in CONNECT BY takes the branch out
SELECT name FROM genres START WITH genre_id = 2 CONNECT BY PRIOR genre_id = parent_id AND name <> 'Crime';
-- NAME
-- 'Fiction'
-- 'Fantasy'

-- case: LEVEL limits the depth
SELECT COUNT(*) AS n FROM genres START WITH genre_id = 1 CONNECT BY PRIOR genre_id = parent_id AND LEVEL <= 2;
-- N
-- 3

-- case: without START WITH every row is a root
SELECT LEVEL, COUNT(*) AS n FROM genres CONNECT BY PRIOR genre_id = parent_id GROUP BY LEVEL;
-- LEVEL | N
-- 1 | 6
-- 2 | 5
-- 3 | 3
-- 4 | 1

-- case: rows from DUAL
SELECT LEVEL AS n, DATE '2024-02-27' + LEVEL AS d FROM dual CONNECT BY LEVEL <= 3;
-- N | D
-- 1 | 2024-02-28
-- 2 | 2024-02-29
-- 3 | 2024-03-01

-- case: DUAL gives one row at least
SELECT COUNT(*) AS n FROM dual CONNECT BY LEVEL <= 0;
-- N
-- 1

-- case: ROWNUM generates rows too
SELECT SUM(n) AS s FROM (SELECT ROWNUM AS n FROM dual CONNECT BY ROWNUM <= 10);
-- S
-- 55

-- case: a number of rows from a subquery
SELECT COUNT(*) AS n FROM (SELECT LEVEL AS l FROM dual CONNECT BY LEVEL < (SELECT MAX(genre_id) FROM genres));
-- N
-- 5

-- case: a loop
SELECT a FROM ring START WITH a = 'p' CONNECT BY PRIOR b = a;
-- error: ORA-01436

-- case: NOCYCLE walks a loop once
SELECT a, LEVEL AS l, CONNECT_BY_ISCYCLE AS c FROM ring START WITH a = 'p' CONNECT BY NOCYCLE PRIOR b = a;
-- A | L | C
-- 'p' | 1 | 0
-- 'q' | 2 | 0
-- 'r' | 3 | 1

-- case: a join comes before the hierarchy
SELECT g.name, LEVEL AS l FROM genres g, books b WHERE g.genre_id = b.genre_id START WITH g.genre_id = 4 CONNECT BY PRIOR g.genre_id = g.parent_id;
-- NAME | L
-- 'Crime' | 1
-- 'Noir' | 2

-- case: groups and joins over a hierarchy
SELECT t.root, COUNT(b.book_id) AS n FROM (SELECT genre_id, CONNECT_BY_ROOT name AS root FROM genres START WITH parent_id = 1 CONNECT BY PRIOR genre_id = parent_id) t LEFT JOIN books b ON b.genre_id = t.genre_id GROUP BY t.root;
-- ROOT | N
-- 'Fiction' | 3
-- 'Science' | 1

-- case: START WITH a subquery
SELECT name FROM genres START WITH genre_id IN (SELECT genre_id FROM books WHERE price = 9.99) CONNECT BY PRIOR genre_id = parent_id;
-- NAME
-- 'Crime'
-- 'Noir'

-- case: the separator inside a value
SELECT SYS_CONNECT_BY_PATH(name, 'i') FROM genres START WITH genre_id = 1 CONNECT BY PRIOR genre_id = parent_id;
-- error: ORA-30004

-- case: LEVEL without a hierarchy
SELECT LEVEL FROM genres;
-- error: ORA-01788

-- case: CONNECT_BY_ROOT binds to what follows it
SELECT CONNECT_BY_ROOT name || '!' AS r FROM genres WHERE LEVEL = 3 START WITH genre_id = 2 CONNECT BY PRIOR genre_id = parent_id;
-- R
-- 'Fiction!'

-- case: siblings by position and by alias
SELECT name AS n, LEVEL FROM genres START WITH genre_id = 2 CONNECT BY PRIOR genre_id = parent_id ORDER SIBLINGS BY n DESC;
-- N | LEVEL (ordered)
-- 'Fiction' | 1
-- 'Fantasy' | 2
-- 'Crime' | 2
-- 'Noir' | 3

-- case: ROWNUM numbers the rows as they are walked
SELECT ROWNUM AS r, name FROM genres WHERE name <> 'All' START WITH parent_id IS NULL CONNECT BY PRIOR genre_id = parent_id;
-- R | NAME
-- 1 | 'Fiction'
-- 2 | 'Crime'
-- 3 | 'Noir'
-- 4 | 'Fantasy'
-- 5 | 'Science'

-- case: PRIOR where there is no parent yet
SELECT dummy FROM dual START WITH PRIOR dummy = 'X' CONNECT BY LEVEL < 2;
-- error: ORA-00976
