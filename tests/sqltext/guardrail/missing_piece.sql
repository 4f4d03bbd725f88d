-- expect: missing_piece
SELECT name FROM customers WHERE id = AND city = 'Linz'
-- expect: missing_piece
SELECT name,, city FROM customers
-- expect: missing_piece
SELECT CAST(id AS NUMBER) FROM customers WHERE
-- expect: missing_piece
SELECT name FROM customers ORDER BY
-- expect: missing_piece
SELECT name FROM customers WHERE id IN ()
-- expect: missing_piece
SELECT name FROM customers WHERE id IN SELECT customer_id FROM bills
-- expect: missing_piece
SELECT COALESCE(name, ) FROM customers
-- expect: missing_piece
SELECT name FROM customers WHERE id = = 1
-- expect: missing_piece
SELECT CASE WHEN THEN 1 ELSE 2 END FROM customers
-- expect: missing_piece
SELECT name FROM customers UNION ALL
-- expect: unparsed
SELECT name FROM customers WHERE id > = 1 AND city < > 'Linz' AND born ! = SYSDATE
-- expect: allowed
SELECT COUNT(*), -1, id * -1, NVL(city, 'x') FROM customers c WHERE c.id = -1 GROUP BY id, city
-- expect: allowed
SELECT c.*, SUM(b.amount) OVER () FROM customers c, bills b WHERE b.customer_id(+) = c.id
-- expect: missing_piece
SELECT name FROM customers START WITH CONNECT BY PRIOR id = parent
-- expect: allowed
SELECT TIME_BUCKET(born, INTERVAL '1' DAY, SYSDATE, START) FROM customers
