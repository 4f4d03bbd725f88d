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
