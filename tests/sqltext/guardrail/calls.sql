-- expect: allowed
SELECT UPPER(name), NVL(city, '-'), TO_CHAR(born, 'YYYY') FROM customers
-- expect: allowed
SELECT DBMS_RANDOM.VALUE(1, 6), SYS.DBMS_LOB.GETLENGTH(note) FROM visits
-- expect: function
SELECT hr.tax(amount) FROM bills
-- expect: function
SELECT net_price(amount) FROM bills
-- expect: allowed | allowed_functions=hr.tax,NET_PRICE
SELECT hr.tax(amount), net_price(amount) FROM bills
-- expect: function
SELECT UTL_HTTP -- far
 . REQUEST ('http://example.com/' || name) FROM customers
-- expect: function
SELECT "SLEEP"(3) FROM dual
-- expect: function
SELECT NEW some_type(1) FROM dual
-- expect: function
SELECT name FROM customers ORDER BY app.rank(name)
-- expect: function
SELECT x.doc.getclob() FROM pages x
-- expect: allowed
SELECT x.doc.getClobVal(), y.doc.lines.size() FROM pages x, orders y
-- expect: foreign_function
SELECT IFNULL(city, '-') FROM customers
-- expect: function
SELECT key(1) FROM customers
-- expect: function
SELECT cube(amount) FROM bills
-- expect: allowed
SELECT city, SUM(amount) FROM bills GROUP BY CUBE (city)
-- expect: function
SELECT first(amount) FROM bills
-- expect: dotted_name
SELECT UTL_INADDR.GET_HOST_NAME FROM dual
-- expect: dotted_name
SELECT name FROM customers WHERE app_pkg.flag = 1
-- expect: allowed
SELECT shop.customers.name, c.city FROM shop.customers, shop.customers c
-- expect: dotted_name
SELECT utl_inaddr.get_host_name FROM customers utl_inaddr
-- expect: dotted_name
SELECT * FROM dual pkg, (SELECT pkg.wipe FROM dual) x
-- expect: dotted_name
SELECT d.wipe FROM dual d
-- expect: allowed
SELECT c.name, v.n FROM customers c, LATERAL (SELECT COUNT(*) n FROM visits v WHERE v.id = c.id) v
-- expect: sequence
SELECT bill_seq.NEXTVAL FROM dual
-- expect: bare_call
SELECT wipe FROM dual
-- expect: bare_call
SELECT CASE WHEN NVL(wipe, 1) = 1 THEN 1 END FROM dual
-- expect: bare_call
SELECT 1 FROM dual FETCH FIRST wipe ROWS ONLY
-- expect: bare_call
SELECT wipe
-- expect: allowed
SELECT SYSDATE, USER, dummy, DATE '2024-01-01', INTERVAL '1' DAY FROM dual
-- expect: allowed
SELECT 1 AS n FROM dual UNION ALL SELECT 2 FROM dual ORDER BY n
-- expect: bare_call
SELECT * FROM TABLE(wipe)
-- expect: allowed
SELECT p.COLUMN_VALUE FROM customers c, TABLE(c.phones) p
-- expect: table_function
SELECT * FROM app_pkg.rows_of(1)
-- expect: table_function
SELECT * FROM EXTERNAL ((line VARCHAR2(99)) TYPE ORACLE_LOADER LOCATION ('x'))
-- expect: unparsed
SELECT * FROM ticks MATCH_RECOGNIZE (ORDER BY t MEASURES FIRST(up.t) AS s PATTERN (up{2,} down?) DEFINE up AS up.p > PREV(up.p)) m

-- expect: function
SELECT name FROM customers UTL_HTTP.REQUEST('x') WHERE 1 = 1
-- expect: function
SELECT name FROM customers wipe(1)
-- expect: allowed
SELECT v.id FROM (VALUES (1, 'a'), (2, 'b')) v (id, label)
