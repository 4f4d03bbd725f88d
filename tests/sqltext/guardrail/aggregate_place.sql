-- expect: aggregate_place
SELECT city FROM customers WHERE COUNT(*) > 1 GROUP BY city
-- expect: allowed
SELECT city FROM customers GROUP BY city HAVING COUNT(*) > (SELECT AVG(id) FROM bills)
-- expect: allowed
SELECT name FROM customers WHERE id = (SELECT MAX(id) FROM customers)
