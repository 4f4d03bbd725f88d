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
-- expect: function
SELECT key(1) FROM customers
-- expect: function
SELECT cube(amount) FROM bills
-- expect: allowed
SELECT city, SUM(amount) FROM bills GROUP BY CUBE (city)
-- expect: function
SELECT first(amount) FROM bills
-- expect: function
SELECT name FROM customers UTL_HTTP.REQUEST('x') WHERE 1 = 1
-- expect: function
SELECT name FROM customers wipe(1)
-- expect: allowed
SELECT v.id FROM (VALUES (1, 'a'), (2, 'b')) v (id, label)
-- expect: allowed
SELECT CASE WHEN (total > 100) THEN 'big' WHEN (total > 10) THEN 'some' ELSE 'small' END FROM orders
-- expect: function
SELECT CASE total WHEN wipe(1) THEN 1 END FROM orders
-- expect: unparsed
SELECT id FROM staff s WHERE VALUE(s) IS OF TYPE (ONLY hr.manager_t, clerk_t)
-- expect: function
SELECT type(1) FROM staff
-- expect: allowed
SELECT REVERSE(name) FROM customers WHERE SYS_OP_MAP_NONNULL(city) = SYS_OP_MAP_NONNULL(name)
-- expect: allowed
SELECT id FROM stays WHERE (arrival, departure) OVERLAPS (DATE '2024-01-01', DATE '2024-02-01')
-- expect: function
SELECT overlaps(arrival, 1) FROM stays
-- expect: unparsed
SELECT balance FROM accounts VERSIONS BETWEEN TIMESTAMP (SYSTIMESTAMP - INTERVAL '1' HOUR) AND SYSTIMESTAMP
-- expect: function
SELECT id FROM stays WHERE arrival BETWEEN timestamp(1) AND SYSDATE
-- expect: allowed
SELECT s.name FROM shops s WHERE SDO_WITHIN_DISTANCE(s.place, SDO_GEOMETRY(2001, 4326, SDO_POINT_TYPE(9.1, 48.7, NULL), NULL, NULL), 'distance=5') = 'TRUE'
-- expect: function
SELECT SDO_UTIL.FROM_WKTGEOMETRY(p.text) FROM pages p
-- expect: function
SELECT * FROM GRAPH_TABLE (kin MATCH (a IS person) COLUMNS (wipe(a) AS x))
-- expect: function
SELECT * FROM visits MATCH_RECOGNIZE (ORDER BY day PATTERN (up{2, wipe(1)} down?) DEFINE up AS up.n > PREV(up.n))
-- expect: function
SELECT * FROM visits MATCH_RECOGNIZE (ORDER BY day PATTERN (up wipe(1)) DEFINE up AS up.n > PREV(up.n))
-- expect: unparsed
SELECT * FROM visits MATCH_RECOGNIZE (ORDER BY day MEASURES LAST(up.n) AS n PATTERN (PERMUTE(up, down) up (down | up)+ up{2,3}?) DEFINE up AS up.n > PREV(up.n), down AS down.n < 1)
-- expect: allowed
SELECT id FROM parts START WITH id = 1 CONNECT BY NOCYCLE (PRIOR id = parent)
-- expect: function
SELECT NOCYCLE(id) FROM parts
-- expect: function
SELECT utl.count() FROM t utl
-- expect: function
SELECT p.number() FROM t p
-- expect: function
SELECT p.size() FROM t p
-- expect: allowed
SELECT c.doc.count() FROM t c
-- expect: allowed
SELECT c.doc.a.number() FROM t c
-- expect: allowed
SELECT x.getClobVal() FROM xmlt x
-- expect: allowed
SELECT x.extract('/a').getStringVal() FROM xmlt x
-- expect: allowed
SELECT VALUE(x).getClobVal() FROM xmlt x
-- expect: unparsed
SELECT * FROM t MATCH_RECOGNIZE (ORDER BY x MEASURES a.x AS ax ALL ROWS PER MATCH PATTERN (a {- b+ -} c) DEFINE b AS b.x > 1)
-- expect: unparsed
SELECT * FROM t MATCH_RECOGNIZE (ORDER BY x MEASURES a.x AS ax PATTERN (a{2,3} {- (b | d)* -} c{2}) DEFINE b AS b.x > 1)
-- expect: function
SELECT * FROM t MATCH_RECOGNIZE (PATTERN (a {- purge('x') -} c) DEFINE a AS a.x > 1)
-- expect: function
SELECT JSON_ARRAY(type(strict)) FROM pages
