-- expect: missing_operator
SELECT name FROM customers WHERE name city = 'Linz'
-- expect: missing_operator
SELECT name FROM customers WHERE (id = 1) city = 'Linz'
-- expect: missing_operator
SELECT name FROM customers WHERE id = 1 || city = 'Linz'
-- expect: missing_operator
SELECT name FROM customers WHERE 1 < id < 5
-- expect: allowed
SELECT name FROM customers WHERE CASE WHEN id = 1 THEN 1 ELSE 2 END = 1 AND (id = 1 OR city = 'x')
-- expect: allowed
SELECT name FROM customers WHERE born > DATE '2024-01-01' + INTERVAL '1' DAY AND city LIKE 'L%' ESCAPE '\'
-- expect: missing_operator
SELECT name FROM customers WHERE city NOT NULL
-- expect: missing_operator
SELECT name FROM customers WHERE id = 1, city = 'Linz'
-- expect: missing_operator
SELECT id FROM customers WHERE a b = 1
