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
-- expect: missing_piece
SELECT id FROM customers WHERE EXISTS
-- expect: missing_piece
SELECT id FROM customers WHERE NOT EXISTS ORDER BY id
-- expect: unparsed
SELECT j.a FROM customers c, JSON_TABLE(c.name, '$' COLUMNS (a NUMBER EXISTS, b VARCHAR2(5) EXISTS)) j
-- expect: unparsed
SELECT JSON_OBJECT(KEY 'c' IS 2, 'd' IS 'x'), JSON_SCALAR(id SQL NULL ON NULL) FROM customers
