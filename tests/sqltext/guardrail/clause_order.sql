-- expect: clause_order
SELECT name FROM customers ORDER BY name WHERE id = 1
-- expect: clause_order
SELECT name FROM customers GROUP BY name WHERE name = 'x'
-- expect: clause_order
SELECT name FROM customers WHERE id = 1 WHERE city = 'x'
-- expect: clause_order
SELECT name FROM customers FETCH FIRST 5 ROWS ONLY ORDER BY name
-- expect: clause_order
SELECT name FROM customers ORDER BY name UNION SELECT city FROM customers
-- expect: allowed
SELECT city FROM customers HAVING COUNT(*) > 1 GROUP BY city
-- expect: allowed
SELECT name FROM customers UNION (SELECT city FROM customers) ORDER BY 1
-- expect: allowed
SELECT name FROM customers START WITH id = 1 CONNECT BY PRIOR id = parent ORDER SIBLINGS BY name
