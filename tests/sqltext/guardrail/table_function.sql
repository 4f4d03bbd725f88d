-- expect: table_function
SELECT * FROM app_pkg.rows_of(1)
-- expect: table_function
SELECT * FROM EXTERNAL ((line VARCHAR2(99)) TYPE ORACLE_LOADER LOCATION ('x'))
-- expect: unparsed
SELECT * FROM ticks MATCH_RECOGNIZE (ORDER BY t MEASURES FIRST(up.t) AS s PATTERN (up{2,} down?) DEFINE up AS up.p > PREV(up.p)) m
-- expect: allowed
SELECT COLUMN_VALUE FROM SYS.ODCINUMBERLIST(1, 2, 3)
-- expect: allowed
SELECT VALUE(p) FROM THE (SELECT phones FROM customers WHERE id = 1) p
-- expect: table_function
SELECT * FROM the(1)
-- expect: table_function
SELECT * FROM CONTAINERS(1)
-- expect: table_function
SELECT a.n FROM '/etc/passwd' a
-- expect: table_function
SELECT c.name FROM customers c, 'x.csv'
-- expect: table_function
SELECT c.name FROM customers c EXTERNAL/* */MODIFY (LOCATION ('../x'))
-- expect: allowed
SELECT TRIM(BOTH 'x' FROM 'xyx'), external FROM customers c WHERE c.city IN ('a', 'b')
-- expect: allowed
SELECT s.name FROM SHARDS(hr.customers) s
-- expect: table_function
SELECT s.name FROM SHARDS(wipe(1)) s
